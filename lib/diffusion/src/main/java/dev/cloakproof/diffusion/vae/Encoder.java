package dev.cloakproof.diffusion.vae;

import dev.cloakproof.diffusion.block.ResnetBlock;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pixels (batch, 3, height, width) to the moments' features (batch, 2 * latent channels, height / f, width / f). */
final class Encoder {
    private record Step(List<ResnetBlock> resnets, Conv2d downsampler) {}

    private final Conv2d convIn;
    private final List<Step> steps = new ArrayList<>();
    private final MiddleBlock middle;
    private final GroupNorm normOut;
    private final Conv2d convOut;

    Encoder(Parameters p, AutoencoderConfig config) {
        List<Integer> channels = config.channels();
        convIn = new Conv2d(p.at("conv_in"), config.inChannels(), channels.getFirst(), 3);
        int before = channels.getFirst();
        for (int level = 0; level < channels.size(); level++) {
            Parameters block = p.at("down_blocks").at(level);
            int width = channels.get(level);
            List<ResnetBlock> resnets = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                resnets.add(new ResnetBlock(
                        block.at("resnets").at(i),
                        i == 0 ? before : width,
                        width,
                        0,
                        config.groups(),
                        Autoencoder.EPS));
            }
            boolean last = level == channels.size() - 1;
            Conv2d downsampler =
                    last ? null : new Conv2d(block.at("downsamplers").at(0).at("conv"), width, width, 3, 2, 0, true);
            steps.add(new Step(resnets, downsampler));
            before = width;
        }
        middle = new MiddleBlock(p.at("mid_block"), before, config.groups());
        normOut = new GroupNorm(p.at("conv_norm_out"), config.groups(), before, Autoencoder.EPS);
        convOut = new Conv2d(p.at("conv_out"), before, 2L * config.latentChannels(), 3);
    }

    Tensor forward(Tensor pixels, Segments segments) {
        Tensor h = segments.run(List.of(pixels), in -> convIn.forward(in.getFirst()));
        for (Step step : steps) {
            for (ResnetBlock resnet : step.resnets) {
                h = next(segments, h, in -> resnet.forward(in));
            }
            if (step.downsampler != null) {
                // Unlike the UNet's: padded on the right and below only.
                h = next(segments, h, in -> step.downsampler.forward(Functions.pad(in, 0, 1, 0, 1, 0)));
            }
        }
        h = next(segments, h, middle::forward);
        return next(segments, h, in -> convOut.forward(Functions.silu(normOut.forward(in))));
    }

    /** One segment whose input nothing else reads. */
    static Tensor next(Segments segments, Tensor h, UnaryOperator<Tensor> body) {
        Tensor result = segments.run(List.of(h), in -> body.apply(in.getFirst()));
        segments.release(h);
        return result;
    }
}
