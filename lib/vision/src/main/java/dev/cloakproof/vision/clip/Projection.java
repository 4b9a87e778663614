package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Parameters;

/** Into the common space, without bias: (batch, width) -> (batch, embedding). */
final class Projection {
    private final Tensor weight;
    private final boolean transposed;

    Projection(Parameters p, String name, long width, long embedding, boolean transposed) {
        Init init = Init.normal(1 / Math.sqrt(width));
        weight = transposed ? p.get(name, init, embedding, width) : p.get(name, init, width, embedding);
        this.transposed = transposed;
    }

    Tensor forward(Tensor x) {
        return x.matmul(transposed ? weight.transpose(0, 1) : weight);
    }
}
