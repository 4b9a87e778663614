package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.scheduler.Trajectory;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The loop that every pipeline shares: predict, guide, step.
 *
 * @param context (2 * batch or batch, 77, hidden)
 * @param concatenated (batch, c, height, width), joined to the latents at every step; null for none
 * @param labels (batch of {@code context}), int64, classes or noise levels; null for none
 * @param noise the stream that the noise of stochastic schedulers comes from
 */
record Denoising(
        UNet unet,
        Tensor context,
        Tensor concatenated,
        Tensor labels,
        Guidance guidance,
        Noise noise,
        Progress progress) {

    /** @param latents (batch, channels, height, width), float32, at the first noise level; returned denoised */
    Tensor run(Trajectory trajectory, Tensor latents) {
        Device device = unet.device();
        DType dtype = unet.dtype();
        try (var outer = Scope.open();
                var _ = Autograd.pause()) {
            Tensor text = context.to(device).to(dtype);
            Tensor sample = latents.to(device);
            for (int call = 0; call < trajectory.calls(); call++) {
                if (progress.cancelled()) {
                    throw new CancellationException("cancelled after " + call + " of " + trajectory.calls() + " steps");
                }
                try (var step = Scope.open()) {
                    // 1. what the network reads: (batch, channels, height, width), twice if guided
                    Tensor input = trajectory.scale(call, sample).to(dtype);
                    if (concatenated != null) {
                        input = Tensor.cat(
                                List.of(input, concatenated.to(device).to(dtype)), 1);
                    }
                    if (guidance.guides()) {
                        input = Tensor.cat(List.of(input, input), 0);
                    }
                    Tensor time = Tensor.full(trajectory.timestep(call), DType.F32, input.size(0))
                            .to(device);

                    // 2. its prediction, guided
                    Tensor prediction = unet.predict(input, time, text, labels, Segments.DIRECT)
                            .to(DType.F32);
                    if (guidance.guides()) {
                        prediction = guidance.apply(prediction);
                    }

                    // 3. one level down
                    Tensor next = trajectory.step(call, prediction, sample, noise);
                    progress.step(call + 1, trajectory.calls(), next);
                    step.keep(next);
                    sample.free();
                    sample = next;
                }
            }
            return outer.keep(sample);
        }
    }
}
