package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.block.FusedAttention;

/** Attention and a perceptron, each on normalised input and added to it. */
final class ClipLayer {
    static final double EPS = 1e-5;

    /** (batch, tokens, width) to the same. */
    @FunctionalInterface
    private interface Attention {
        Tensor forward(Tensor x, boolean causal);
    }

    private final LayerNorm norm1;
    private final Attention attention;
    private final LayerNorm norm2;
    private final Linear in;
    private final Linear out;

    ClipLayer(Parameters p, ClipNames names, int width, int heads) {
        boolean openAi = names.equals(ClipNames.OPENAI);
        attention = openAi ? fused(p.at("attn"), width, heads) : split(p.at("self_attn"), width, heads);
        norm1 = new LayerNorm(p.at(openAi ? "ln_1" : "layer_norm1"), width, EPS);
        norm2 = new LayerNorm(p.at(openAi ? "ln_2" : "layer_norm2"), width, EPS);
        in = new Linear(p.at("mlp").at(openAi ? "c_fc" : "fc1"), width, 4L * width);
        out = new Linear(p.at("mlp").at(openAi ? "c_proj" : "fc2"), 4L * width, width);
    }

    private static Attention fused(Parameters p, int width, int heads) {
        var layer = new FusedAttention(p, width, heads);
        return (x, causal) -> layer.forward(x, x, causal);
    }

    private static Attention split(Parameters p, int width, int heads) {
        var query = new Linear(p.at("q_proj"), width, width);
        var key = new Linear(p.at("k_proj"), width, width);
        var value = new Linear(p.at("v_proj"), width, width);
        var out = new Linear(p.at("out_proj"), width, width);
        return (x, causal) ->
                out.forward(Functions.attention(query.forward(x), key.forward(x), value.forward(x), heads, causal));
    }

    Tensor forward(Tensor x, boolean causal) {
        Tensor h = x.add(attention.forward(norm1.forward(x), causal));
        return h.add(Functions.mlpQuickGelu(norm2.forward(h), in.affine(), out.affine()));
    }
}
