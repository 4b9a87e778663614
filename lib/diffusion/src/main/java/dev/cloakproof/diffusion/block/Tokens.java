package dev.cloakproof.diffusion.block;

import dev.cloakproof.tensor.Tensor;

/** Feature maps as rows of tokens, and back; neither copies a channels-last map. */
public final class Tokens {
    private Tokens() {}

    /** (batch, channels, height, width) -> (batch, height * width, channels). */
    public static Tensor of(Tensor map) {
        return map.permute(0, 2, 3, 1).reshape(map.size(0), map.size(2) * map.size(3), map.size(1));
    }

    /** (batch, height * width, channels) -> (batch, channels, height, width). */
    public static Tensor map(Tensor tokens, long height, long width) {
        return tokens.reshape(tokens.size(0), height, width, tokens.size(2)).permute(0, 3, 1, 2);
    }
}
