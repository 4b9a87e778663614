package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.List;

/** Looks at three neighbourhoods, of 3, 5 and 7 pixels, side by side (SSH, Najibi et al. 2017). */
final class ContextModule {
    private final ConvNorm near;
    private final ConvNorm wider;
    private final ConvNorm wider2;
    private final ConvNorm widest;
    private final ConvNorm widest2;
    private final double slope;

    ContextModule(Parameters p, int width) {
        near = new ConvNorm(p.at("conv3X3"), width, width / 2, 3);
        wider = new ConvNorm(p.at("conv5X5_1"), width, width / 4, 3);
        wider2 = new ConvNorm(p.at("conv5X5_2"), width / 4, width / 4, 3);
        widest = new ConvNorm(p.at("conv7X7_2"), width / 4, width / 4, 3);
        widest2 = new ConvNorm(p.at("conv7x7_3"), width / 4, width / 4, 3);
        slope = slope(width);
    }

    /** Narrow pyramids, those of the MobileNet version, leak; wide ones do not. */
    static double slope(int width) {
        return width <= 64 ? 0.1 : 0;
    }

    Tensor forward(Tensor x) {
        Tensor shared = Functions.leakyRelu(wider.forward(x), slope);
        Tensor far = widest2.forward(Functions.leakyRelu(widest.forward(shared), slope));
        return Functions.relu(Tensor.cat(List.of(near.forward(x), wider2.forward(shared), far), 1));
    }
}
