package dev.cloakproof.vision.block;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/** Multi-head attention whose query, key and value projections are stacked in one weight ({@code nn.MultiheadAttention}). */
public final class FusedAttention {
    private final Tensor weight; // (3 * width, width)
    private final Tensor bias; // (3 * width)
    private final Linear out;
    private final int heads;
    private final long width;

    public FusedAttention(Parameters p, long width, int heads) {
        weight = p.get("in_proj_weight", Init.fanIn(width), 3 * width, width);
        bias = p.get("in_proj_bias", Init.ZEROS, 3 * width);
        out = new Linear(p.at("out_proj"), width, width);
        this.heads = heads;
        this.width = width;
    }

    /**
     * @param x what asks and is asked, (batch, tokens, width)
     * @param values what the answers are made of, (batch, tokens, width); {@code x} itself as a rule
     */
    public Tensor forward(Tensor x, Tensor values, boolean causal) {
        Tensor mixed = Functions.attention(project(x, 0), project(x, 1), project(values, 2), heads, causal);
        return out.forward(mixed);
    }

    private Tensor project(Tensor x, int part) {
        return Functions.linear(x, weight.narrow(0, part * width, width), bias.narrow(0, part * width, width));
    }
}
