package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Token ids (batch, tokens) to the common space (batch, embedding). */
final class TextTower {
    private final Tensor tokens; // (vocabulary, width)
    private final Tensor positions; // (positions, width)
    private final List<ClipLayer> layers = new ArrayList<>();
    private final LayerNorm norm;
    private final Projection projection;

    TextTower(ClipConfig config, ClipNames names, Parameters root) {
        int width = config.textWidth();
        tokens = root.get(names.tokens(), Init.normal(0.02), config.vocabulary(), width);
        positions = root.get(names.textPositions(), Init.normal(0.01), config.positions(), width);
        for (int i = 0; i < config.textLayers(); i++) {
            layers.add(new ClipLayer(root.at(names.text()).at(i), names, width, config.textHeads()));
        }
        norm = new LayerNorm(root.at(names.textNorm()), width, ClipLayer.EPS);
        projection = new Projection(root, names.textProjection(), width, config.embedding(), names.transposed());
    }

    Tensor forward(Tensor ids) {
        long batch = ids.size(0);
        long length = ids.size(1);
        Tensor h = Functions.embedding(tokens, ids).add(positions.narrow(0, 0, length));
        for (ClipLayer layer : layers) {
            Tensor in = h;
            h = Scope.result(() -> layer.forward(in, true));
        }
        // The end of a text has the highest id; the causal mask lets only it see all of the text.
        Tensor rows = ids.argmax(1).to(dev.cloakproof.tensor.DType.I64);
        long[] ends = rows.toLongs();
        for (int i = 0; i < batch; i++) {
            ends[i] += i * length;
        }
        Tensor flat = norm.forward(h).reshape(batch * length, h.size(2));
        return projection.forward(flat.indexSelect(0, Tensor.of(ends, batch).to(flat.device())));
    }
}
