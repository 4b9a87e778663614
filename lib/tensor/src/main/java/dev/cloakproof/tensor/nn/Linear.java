package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Affine;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** x (..., in) -> (..., out). */
public final class Linear {
    private final Parameters parameters;
    private final Tensor weight; // (out, in)
    private final Tensor bias; // (out), or null

    public Linear(Parameters p, long in, long out) {
        this(p, in, out, true);
    }

    public Linear(Parameters p, long in, long out, boolean biased) {
        parameters = p;
        weight = p.get("weight", Init.fanIn(in), out, in);
        bias = biased ? p.get("bias", Init.fanIn(in), out) : null;
    }

    public Tensor forward(Tensor x) {
        Tensor y = Functions.linear(x, weight, bias);
        LowRank adapter = parameters.adapter();
        return adapter == null ? y : adapter.add(y, x);
    }

    /**
     * The layer's tensors, for an op that does more than this layer.
     *
     * @throws IllegalStateException if the layer is adapted: such an op would leave the adapter out
     */
    public Affine affine() {
        if (parameters.adapter() != null) {
            throw new IllegalStateException("this layer is adapted, and is used inside a larger op");
        }
        return new Affine(weight, bias);
    }
}
