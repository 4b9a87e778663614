package dev.cloakproof.diffusion.guided;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Parameters;

/** A linear layer over tokens, stored as a convolution over one dimension: x (batch, tokens, in) -> (batch, tokens, out). */
final class Pointwise {
    private final Tensor weight; // (out, in, 1)
    private final Tensor bias; // (out)

    Pointwise(Parameters p, long in, long out, Init init) {
        weight = p.get("weight", init, out, in, 1);
        bias = p.get("bias", init, out);
    }

    Tensor forward(Tensor x) {
        return Functions.linear(x, weight.reshape(weight.size(0), weight.size(1)), bias);
    }
}
