package dev.cloakproof.diffusion.unet;

import dev.cloakproof.diffusion.block.Tokens;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Transformer blocks over the positions of a feature map, added to it (diffusers, {@code transformer_2d.py}). */
final class SpatialTransformer {
    /** Fixed in the reference, unlike the residual blocks' setting. */
    private static final double EPS = 1e-6;

    private final GroupNorm norm;
    private final Conv2d convIn; // SD1
    private final Conv2d convOut;
    private final Linear linearIn; // SD2
    private final Linear linearOut;
    private final List<TransformerBlock> blocks = new ArrayList<>();

    SpatialTransformer(Parameters p, UNetConfig config, int level, boolean onlyCross) {
        int width = config.channels().get(level);
        norm = new GroupNorm(p.at("norm"), config.groups(), width, EPS);
        if (config.linearProjection()) {
            linearIn = new Linear(p.at("proj_in"), width, width);
            linearOut = new Linear(p.at("proj_out"), width, width);
            convIn = null;
            convOut = null;
        } else {
            convIn = new Conv2d(p.at("proj_in"), width, width, 1);
            convOut = new Conv2d(p.at("proj_out"), width, width, 1);
            linearIn = null;
            linearOut = null;
        }
        for (int i = 0; i < config.transformerLayers(); i++) {
            blocks.add(new TransformerBlock(
                    p.at("transformer_blocks").at(i),
                    width,
                    config.contextWidth(),
                    config.heads().get(level),
                    onlyCross));
        }
    }

    /** x (batch, channels, height, width), context (batch, n, contextWidth) -> the shape of x. */
    Tensor forward(Tensor x, Tensor context) {
        Tensor normed = norm.forward(x);
        Tensor h = linearIn == null ? Tokens.of(convIn.forward(normed)) : linearIn.forward(Tokens.of(normed));
        for (TransformerBlock block : blocks) {
            h = block.forward(h, context);
        }
        Tensor map = linearOut == null
                ? convOut.forward(Tokens.map(h, x.size(2), x.size(3)))
                : Tokens.map(linearOut.forward(h), x.size(2), x.size(3));
        return map.add(x);
    }
}
