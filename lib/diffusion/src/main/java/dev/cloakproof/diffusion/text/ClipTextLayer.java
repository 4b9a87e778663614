package dev.cloakproof.diffusion.text;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/** A pre-norm transformer layer with causal self-attention: (batch, tokens, hidden) to the same. */
final class ClipTextLayer {
    private final int heads;
    private final boolean quickGelu;
    private final Linear key;
    private final Linear value;
    private final Linear query;
    private final Linear out;
    private final LayerNorm norm1;
    private final Linear fc1;
    private final Linear fc2;
    private final LayerNorm norm2;

    ClipTextLayer(ClipTextConfig config, Parameters p) {
        int hidden = config.hiddenSize();
        heads = config.heads();
        quickGelu = config.quickGelu();
        Parameters attention = p.at("self_attn");
        key = new Linear(attention.at("k_proj"), hidden, hidden);
        value = new Linear(attention.at("v_proj"), hidden, hidden);
        query = new Linear(attention.at("q_proj"), hidden, hidden);
        out = new Linear(attention.at("out_proj"), hidden, hidden);
        norm1 = new LayerNorm(p.at("layer_norm1"), hidden, config.layerNormEps());
        fc1 = new Linear(p.at("mlp").at("fc1"), hidden, config.intermediateSize());
        fc2 = new Linear(p.at("mlp").at("fc2"), config.intermediateSize(), hidden);
        norm2 = new LayerNorm(p.at("layer_norm2"), hidden, config.layerNormEps());
    }

    Tensor forward(Tensor x) {
        Tensor normed = norm1.forward(x);
        Tensor attended =
                Functions.attention(query.forward(normed), key.forward(normed), value.forward(normed), heads, true);
        Tensor h = x.add(out.forward(attended));
        Tensor inner = norm2.forward(h);
        Tensor mlp = quickGelu
                ? Functions.mlpQuickGelu(inner, fc1.affine(), fc2.affine())
                : Functions.mlpGelu(inner, fc1.affine(), fc2.affine());
        return h.add(mlp);
    }
}
