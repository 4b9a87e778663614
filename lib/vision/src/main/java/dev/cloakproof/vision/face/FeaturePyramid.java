package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.List;

/** Brings three maps to one width and lets the coarse ones flow into the finer ones (Lin et al. 2017). */
final class FeaturePyramid {
    private final ConvNorm fine;
    private final ConvNorm middle;
    private final ConvNorm coarse;
    private final ConvNorm mergeFine;
    private final ConvNorm mergeMiddle;
    private final double slope;

    FeaturePyramid(Parameters p, RetinaFaceConfig config) {
        int width = config.pyramid();
        fine = new ConvNorm(p.at("output1"), config.stage(2), width, 1);
        middle = new ConvNorm(p.at("output2"), config.stage(3), width, 1);
        coarse = new ConvNorm(p.at("output3"), config.stage(4), width, 1);
        mergeFine = new ConvNorm(p.at("merge1"), width, width, 3);
        mergeMiddle = new ConvNorm(p.at("merge2"), width, width, 3);
        slope = ContextModule.slope(width);
    }

    /** @param maps (batch, channels, side, side), the finest first */
    List<Tensor> forward(List<Tensor> maps) {
        Tensor a = active(fine, maps.get(0));
        Tensor b = active(middle, maps.get(1));
        Tensor c = active(coarse, maps.get(2));
        Tensor merged = active(mergeMiddle, b.add(enlarged(c, b)));
        return List.of(active(mergeFine, a.add(enlarged(merged, a))), merged, c);
    }

    private Tensor active(ConvNorm layer, Tensor x) {
        return Functions.leakyRelu(layer.forward(x), slope);
    }

    private static Tensor enlarged(Tensor x, Tensor like) {
        return Functions.upsampleNearest(x, like.size(2), like.size(3));
    }
}
