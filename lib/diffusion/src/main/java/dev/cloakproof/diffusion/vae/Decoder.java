package dev.cloakproof.diffusion.vae;

import dev.cloakproof.diffusion.block.ResnetBlock;
import dev.cloakproof.diffusion.block.Upsample;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Latents (batch, latent channels, h, w) to pixels (batch, 3, f * h, f * w). */
final class Decoder {
    private record Step(List<ResnetBlock> resnets, Upsample upsampler) {}

    private final Conv2d convIn;
    private final MiddleBlock middle;
    private final List<Step> steps = new ArrayList<>();
    private final GroupNorm normOut;
    private final Conv2d convOut;

    Decoder(Parameters p, AutoencoderConfig config) {
        List<Integer> channels = config.channels().reversed();
        int before = channels.getFirst();
        convIn = new Conv2d(p.at("conv_in"), config.latentChannels(), before, 3);
        middle = new MiddleBlock(p.at("mid_block"), before, config.groups());
        for (int level = 0; level < channels.size(); level++) {
            Parameters block = p.at("up_blocks").at(level);
            int width = channels.get(level);
            List<ResnetBlock> resnets = new ArrayList<>();
            for (int i = 0; i <= config.layers(); i++) {
                resnets.add(new ResnetBlock(
                        block.at("resnets").at(i),
                        i == 0 ? before : width,
                        width,
                        0,
                        config.groups(),
                        Autoencoder.EPS));
            }
            boolean last = level == channels.size() - 1;
            steps.add(new Step(
                    resnets, last ? null : new Upsample(block.at("upsamplers").at(0), width)));
            before = width;
        }
        normOut = new GroupNorm(p.at("conv_norm_out"), config.groups(), before, Autoencoder.EPS);
        convOut = new Conv2d(p.at("conv_out"), before, config.outChannels(), 3);
    }

    Tensor forward(Tensor latents, Segments segments) {
        Tensor h = segments.run(List.of(latents), in -> convIn.forward(in.getFirst()));
        h = Encoder.next(segments, h, middle::forward);
        for (Step step : steps) {
            for (ResnetBlock resnet : step.resnets) {
                h = Encoder.next(segments, h, in -> resnet.forward(in));
            }
            if (step.upsampler != null) {
                h = Encoder.next(segments, h, in -> step.upsampler.forward(in));
            }
        }
        return Encoder.next(segments, h, in -> convOut.forward(Functions.silu(normOut.forward(in))));
    }
}
