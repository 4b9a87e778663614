package dev.cloakproof.diffusion.unet;

import dev.cloakproof.diffusion.block.ResnetBlock;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;

/** The coarsest resolution: a residual block, a transformer, a residual block. */
final class MiddleBlock {
    private final ResnetBlock first;
    private final SpatialTransformer transformer;
    private final ResnetBlock second;

    MiddleBlock(Parameters p, UNetConfig config) {
        int width = config.channels().getLast();
        first = new ResnetBlock(p.at("resnets").at(0), width, width, config.timeWidth(), config.groups(), config.eps());
        transformer = new SpatialTransformer(p.at("attentions").at(0), config, config.last(), config.midOnlyCross());
        second =
                new ResnetBlock(p.at("resnets").at(1), width, width, config.timeWidth(), config.groups(), config.eps());
    }

    Tensor forward(Tensor x, Tensor time, Tensor context) {
        return second.forward(transformer.forward(first.forward(x, time), context), time);
    }
}
