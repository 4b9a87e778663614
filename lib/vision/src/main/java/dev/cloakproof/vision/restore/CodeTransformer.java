package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.block.FusedAttention;
import java.util.ArrayList;
import java.util.List;

/** Predicts the code of every position of a degraded face from all of them. */
final class CodeTransformer {
    private static final double EPS = 1e-5;

    private final Tensor positions; // (side * side, hidden)
    private final Linear embedding;
    private final List<Layer> layers = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear logits;

    CodeTransformer(Parameters p, CodeFormerConfig config) {
        int tokens = config.codeSide() * config.codeSide();
        positions = p.get("position_emb", Init.normal(0.02), tokens, config.hidden());
        embedding = new Linear(p.at("feat_emb"), config.codeWidth(), config.hidden());
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new Layer(p.at("ft_layers").at(i), config.hidden(), config.heads()));
        }
        norm = new LayerNorm(p.at("idx_pred_layer").at(0), config.hidden(), EPS);
        logits = new Linear(p.at("idx_pred_layer").at(1), config.hidden(), config.codes(), false);
    }

    /** Latent map (batch, codeWidth, side, side) -> scores of all codes (batch, side * side, codes). */
    Tensor forward(Tensor latent) {
        Tensor tokens = latent.permute(0, 2, 3, 1).reshape(latent.size(0), positions(latent), latent.size(1));
        Tensor h = embedding.forward(tokens);
        for (Layer layer : layers) {
            Tensor in = h;
            h = Scope.result(() -> layer.forward(in, positions));
        }
        return logits.forward(norm.forward(h));
    }

    private static long positions(Tensor map) {
        return map.size(2) * map.size(3);
    }

    /** Attention and a perceptron, each on normalised input and added to it. */
    private static final class Layer {
        private final LayerNorm norm1;
        private final FusedAttention attention;
        private final LayerNorm norm2;
        private final Linear in;
        private final Linear out;

        Layer(Parameters p, int width, int heads) {
            attention = new FusedAttention(p.at("self_attn"), width, heads);
            in = new Linear(p.at("linear1"), width, 2L * width);
            out = new Linear(p.at("linear2"), 2L * width, width);
            norm1 = new LayerNorm(p.at("norm1"), width, EPS);
            norm2 = new LayerNorm(p.at("norm2"), width, EPS);
        }

        Tensor forward(Tensor x, Tensor positions) {
            Tensor values = norm1.forward(x);
            // Positions steer what is looked at, not what is taken from there.
            Tensor h = x.add(attention.forward(values.add(positions), values, false));
            return h.add(Functions.mlpGelu(norm2.forward(h), in.affine(), out.affine()));
        }
    }
}
