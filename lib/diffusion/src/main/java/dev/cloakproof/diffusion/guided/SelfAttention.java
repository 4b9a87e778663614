package dev.cloakproof.diffusion.guided;

import dev.cloakproof.diffusion.block.Tokens;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Parameters;

/**
 * Attention among the positions of a feature map, added to it (unet.py, {@code AttentionBlock}). Queries, keys and values
 * come from one layer, in the order of {@code QKVAttentionLegacy}: for each head its query, its key, its value.
 */
final class SelfAttention implements Block {
    private final int heads;
    private final GroupNorm norm;
    private final Pointwise queriesKeysValues;
    private final Pointwise out;

    SelfAttention(Parameters p, GuidedUNetConfig config, int channels) {
        heads = channels / config.headChannels();
        norm = new GroupNorm(p.at("norm"), config.groups(), channels, GuidedUNet.EPS);
        queriesKeysValues = new Pointwise(p.at("qkv"), channels, 3L * channels, Init.fanIn(channels));
        out = new Pointwise(p.at("proj_out"), channels, channels, Init.ZEROS);
    }

    @Override
    public Tensor forward(Tensor x, Tensor time) {
        Tensor tokens = Tokens.of(norm.forward(x)); // (batch, tokens, channels)
        long batch = tokens.size(0);
        long count = tokens.size(1);
        long channels = tokens.size(2);
        Tensor byHead = queriesKeysValues.forward(tokens).reshape(batch, count, heads, 3, channels / heads);
        Tensor query = byHead.select(3, 0).reshape(batch, count, channels);
        Tensor key = byHead.select(3, 1).reshape(batch, count, channels);
        Tensor value = byHead.select(3, 2).reshape(batch, count, channels);
        Tensor mixed = out.forward(Functions.attention(query, key, value, heads, false));
        return x.add(Tokens.map(mixed, x.size(2), x.size(3)));
    }
}
