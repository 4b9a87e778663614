package dev.cloakproof.diffusion.unet;

import dev.cloakproof.diffusion.block.ResnetBlock;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** The residual blocks of one resolution, on the way down or up, each followed by a transformer where there is one. */
final class Level {
    private final List<ResnetBlock> resnets = new ArrayList<>();
    private final List<SpatialTransformer> transformers = new ArrayList<>();

    /** @param inputs channels that come into each block */
    Level(Parameters p, UNetConfig config, int level, List<Integer> inputs) {
        boolean attention = config.attention().get(level);
        for (int i = 0; i < inputs.size(); i++) {
            resnets.add(new ResnetBlock(
                    p.at("resnets").at(i),
                    inputs.get(i),
                    config.channels().get(level),
                    config.timeWidth(),
                    config.groups(),
                    config.eps()));
            if (attention) {
                transformers.add(new SpatialTransformer(
                        p.at("attentions").at(i),
                        config,
                        level,
                        config.onlyCross().get(level)));
            }
        }
    }

    int size() {
        return resnets.size();
    }

    /** Block {@code i}: x (batch, in, height, width), time (batch, timeWidth) after SiLU, context (batch, n, width). */
    Tensor forward(int i, Tensor x, Tensor time, Tensor context) {
        Tensor h = resnets.get(i).forward(x, time);
        return transformers.isEmpty() ? h : transformers.get(i).forward(h, context);
    }
}
