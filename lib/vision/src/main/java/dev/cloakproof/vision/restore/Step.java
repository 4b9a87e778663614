package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/** One entry of the flat list of blocks that makes up CodeFormer's encoder and generator. */
@FunctionalInterface
interface Step {
    double EPS = 1e-6;

    Tensor forward(Tensor x);

    static Step convolution(Parameters p, int in, int out) {
        return new Conv2d(p, in, out, 3)::forward;
    }

    /** Without an activation after it, unlike in most networks of this family. */
    static Step normalisation(Parameters p, int groups, int channels) {
        return new GroupNorm(p, groups, channels, EPS)::forward;
    }

    /** x + conv2(silu(norm2(conv1(silu(norm1(x)))))), the first x through a 1x1 convolution where channels differ. */
    static Step residual(Parameters p, int groups, int in, int out) {
        var norm1 = new GroupNorm(p.at("norm1"), groups, in, EPS).affine();
        var conv1 = new Conv2d(p.at("conv1"), in, out, 3).affine();
        var norm2 = new GroupNorm(p.at("norm2"), groups, out, EPS).affine();
        var conv2 = new Conv2d(p.at("conv2"), out, out, 3).affine();
        var straight = in == out ? null : new Conv2d(p.at("conv_out"), in, out, 1).affine();
        return x -> Functions.resnet(x, null, norm1, conv1, norm2, conv2, straight, groups, EPS);
    }

    /** Single-head attention over all positions, added to its input. The projections are 1x1 convolutions in the file. */
    static Step attention(Parameters p, int groups, int channels) {
        var norm = new GroupNorm(p.at("norm"), groups, channels, EPS);
        var query = new Linear(p.at("q"), channels, channels);
        var key = new Linear(p.at("k"), channels, channels);
        var value = new Linear(p.at("v"), channels, channels);
        var out = new Linear(p.at("proj_out"), channels, channels);
        return x -> {
            Tensor tokens = norm.forward(x)
                    .permute(0, 2, 3, 1)
                    .reshape(x.size(0), x.size(2) * x.size(3), channels); // (batch, positions, channels)
            Tensor mixed =
                    Functions.attention(query.forward(tokens), key.forward(tokens), value.forward(tokens), 1, false);
            return x.add(out.forward(mixed)
                    .reshape(x.size(0), x.size(2), x.size(3), channels)
                    .permute(0, 3, 1, 2));
        };
    }

    /** Halves the side; padded on the right and below only. */
    static Step halving(Parameters p, int channels) {
        var conv = new Conv2d(p.at("conv"), channels, channels, 3, 2, 0, true);
        return x -> conv.forward(Functions.pad(x, 0, 1, 0, 1, 0));
    }

    static Step doubling(Parameters p, int channels) {
        var conv = new Conv2d(p.at("conv"), channels, channels, 3);
        return x -> conv.forward(Functions.upsampleNearest(x, 2 * x.size(2), 2 * x.size(3)));
    }
}
