package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Pictures (batch, 3, size, size) to the common space (batch, embedding). */
final class VisionTower {
    private final Conv2d patches;
    private final Tensor classToken; // (width)
    private final Tensor positions; // (1 + patches, width)
    private final LayerNorm normBefore;
    private final List<ClipLayer> layers = new ArrayList<>();
    private final LayerNorm normAfter;
    private final Projection projection;

    VisionTower(ClipConfig config, ClipNames names, Parameters root) {
        long width = config.width();
        long grid = config.size() / config.patch();
        Init init = Init.normal(1 / Math.sqrt(width));
        patches = new Conv2d(root.at(names.patches()), 3, width, config.patch(), config.patch(), 0, false);
        classToken = root.get(names.classToken(), init, width);
        positions = root.get(names.positions(), init, 1 + grid * grid, width);
        normBefore = new LayerNorm(root.at(names.normBefore()), width, ClipLayer.EPS);
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new ClipLayer(root.at(names.vision()).at(i), names, config.width(), config.heads()));
        }
        normAfter = new LayerNorm(root.at(names.normAfter()), width, ClipLayer.EPS);
        projection = new Projection(root, names.projection(), width, config.embedding(), names.transposed());
    }

    Tensor forward(Tensor pixels) {
        long batch = pixels.size(0);
        long width = classToken.size(0);
        Tensor map = patches.forward(pixels); // (batch, width, grid, grid)
        Tensor tokens = map.reshape(batch, width, map.size(2) * map.size(3)).transpose(1, 2);
        Tensor start = classToken.reshape(1, 1, width).expand(batch, 1, width);
        Tensor h = normBefore.forward(Tensor.cat(List.of(start, tokens), 1).add(positions));
        for (ClipLayer layer : layers) {
            Tensor in = h;
            h = Scope.result(() -> layer.forward(in, false));
        }
        return projection.forward(normAfter.forward(h.select(1, 0)));
    }
}
