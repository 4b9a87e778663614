package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Affine;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** x (..., in) -> (..., out). */
public final class Linear {
    private final Tensor weight; // (out, in)
    private final Tensor bias; // (out), or null

    public Linear(Parameters p, long in, long out) {
        this(p, in, out, true);
    }

    public Linear(Parameters p, long in, long out, boolean biased) {
        weight = p.get("weight", Init.fanIn(in), out, in);
        bias = biased ? p.get("bias", Init.fanIn(in), out) : null;
    }

    public Tensor forward(Tensor x) {
        return Functions.linear(x, weight, bias);
    }

    public Affine affine() {
        return new Affine(weight, bias);
    }
}
