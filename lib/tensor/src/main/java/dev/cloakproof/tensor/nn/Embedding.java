package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** Looks rows up: indices (...) int64 -> (..., width). */
public final class Embedding {
    private final Tensor weight; // (rows, width)

    public Embedding(Parameters p, long rows, long width) {
        weight = p.get("weight", Init.normal(1), rows, width);
    }

    public Tensor forward(Tensor indices) {
        return Functions.embedding(weight, indices);
    }

    /** The first {@code n} rows, (n, width). */
    public Tensor first(long n) {
        return weight.narrow(0, 0, n);
    }
}
