package dev.cloakproof.diffusion.unet;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/** Multi-head attention from tokens to tokens or to text. */
final class Attention {
    private final int heads;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;

    /** @param sourceWidth width of the vectors that are attended to */
    Attention(Parameters p, int width, int sourceWidth, int heads) {
        this.heads = heads;
        query = new Linear(p.at("to_q"), width, width, false);
        key = new Linear(p.at("to_k"), sourceWidth, width, false);
        value = new Linear(p.at("to_v"), sourceWidth, width, false);
        out = new Linear(p.at("to_out").at(0), width, width);
    }

    /** x (batch, tokens, width), source (batch, n, sourceWidth) -> (batch, tokens, width). */
    Tensor forward(Tensor x, Tensor source) {
        return Scope.result(() -> out.forward(
                Functions.attention(query.forward(x), key.forward(source), value.forward(source), heads, false)));
    }
}
