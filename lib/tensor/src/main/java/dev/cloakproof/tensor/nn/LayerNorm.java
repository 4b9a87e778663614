package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** Normalises the last dimension (Ba et al. 2016). */
public final class LayerNorm {
    private final Tensor weight; // (width)
    private final Tensor bias; // (width)
    private final double eps;

    public LayerNorm(Parameters p, long width, double eps) {
        weight = p.get("weight", Init.ONES, width);
        bias = p.get("bias", Init.ZEROS, width);
        this.eps = eps;
    }

    public Tensor forward(Tensor x) {
        return Functions.layerNorm(x, weight, bias, eps);
    }
}
