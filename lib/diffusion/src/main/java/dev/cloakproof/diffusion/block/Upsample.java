package dev.cloakproof.diffusion.block;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Parameters;

/** Nearest-neighbour enlargement, by 2 or to a given size, and a convolution. */
public final class Upsample {
    private final Conv2d conv;

    public Upsample(Parameters p, int channels) {
        conv = new Conv2d(p.at("conv"), channels, channels, 3);
    }

    public Tensor forward(Tensor x) {
        return forward(x, 2 * x.size(2), 2 * x.size(3));
    }

    public Tensor forward(Tensor x, long height, long width) {
        return conv.forward(Functions.upsampleNearest(x, height, width));
    }
}
