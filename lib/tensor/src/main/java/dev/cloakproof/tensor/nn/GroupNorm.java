package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Affine;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** Normalises groups of channels of a feature map (Wu and He 2018). */
public final class GroupNorm {
    private final Tensor weight; // (channels)
    private final Tensor bias; // (channels)
    private final int groups;
    private final double eps;

    public GroupNorm(Parameters p, int groups, long channels, double eps) {
        weight = p.get("weight", Init.ONES, channels);
        bias = p.get("bias", Init.ZEROS, channels);
        this.groups = groups;
        this.eps = eps;
    }

    public Tensor forward(Tensor x) {
        return Functions.groupNorm(x, groups, weight, bias, eps);
    }

    public Affine affine() {
        return new Affine(weight, bias);
    }
}
