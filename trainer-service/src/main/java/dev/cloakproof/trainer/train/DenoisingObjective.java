package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.PredictionType;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.RecomputeTape;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The denoising loss of a text-to-image model and its gradients: to parameters when the model is trained, to latents
 * when a picture is protected against training (paper, equations 1 and 2).
 *
 * @param compute F32, or BF16 for activations while parameters stay float32
 * @param recompute whether activations are computed twice instead of kept; gradients are the same
 */
public record DenoisingObjective(
        ClipTextEncoder encoder,
        UNet unet,
        NoiseSchedule schedule,
        PredictionType prediction,
        LossSpec variant,
        DType compute,
        boolean recompute) {

    /**
     * What a loss is taken on: instance pictures first, then as many prior pictures, or none.
     *
     * @param latents (batch, channels, h, w), scaled, float32
     * @param noise of the same shape
     * @param timesteps one a picture
     * @param ids captions (texts, 77), int64; each is that of batch / texts pictures in a row
     * @param priorWeight weight of the second half; empty means that all are instance pictures
     */
    public record Batch(Tensor latents, Tensor noise, long[] timesteps, Tensor ids, Double priorWeight) {
        boolean hasPrior() {
            return priorWeight != null;
        }
    }

    /**
     * @param loss instance + weight * prior
     * @param gradients one for each tensor that was asked for
     */
    public record Outcome(double loss, double instance, double prior, List<Tensor> gradients) {}

    public DenoisingObjective {
        if (prediction == PredictionType.SAMPLE) {
            throw new IllegalArgumentException("training of a network that predicts the sample is not built");
        }
    }

    /**
     * @param wanted leaves: parameters, or the batch's latents
     * @param throughText whether the text encoder's parameters may be among them
     */
    public Outcome evaluate(Batch batch, List<Tensor> wanted, boolean throughText) {
        RecomputeTape tape = recompute ? new RecomputeTape() : null;
        Segments segments = recompute ? tape : Segments.DIRECT;
        try (var scope = Scope.open()) {
            // 1. the captions: (batch, 77, width)
            Tensor encoded = throughText ? encoder.encode(batch.ids, compute, segments) : constant(batch.ids);
            int pictures = batch.timesteps.length;
            Tensor context = encoded.size(0) == pictures
                    ? encoded
                    : segments.run(List.of(encoded), in -> spread(in.getFirst(), pictures));

            // 2. noise by the timestep: (batch, channels, h, w)
            Tensor noisy = segments.run(
                    List.of(batch.latents),
                    in -> schedule.addNoise(in.getFirst(), batch.noise, batch.timesteps)
                            .to(compute));

            // 3. what the network makes of it
            Tensor steps = Tensor.of(batch.timesteps, batch.timesteps.length).to(unet.device());
            Tensor predicted = unet.predict(noisy, steps, context, null, segments);

            // 4. the loss: (total, instance, prior)
            Tensor losses = segments.run(
                    List.of(predicted, batch.latents),
                    in -> losses(in.get(0).to(DType.F32), target(batch, in.get(1)), batch));

            // 5. its gradients
            Tensor head = Tensor.of(new float[] {1, 0, 0}, 3).to(unet.device());
            List<Tensor> gradients = recompute
                    ? tape.backward(head, wanted)
                    : Autograd.grad(List.of(losses), List.of(head), wanted, false);
            float[] values = losses.toFloats();
            return new Outcome(values[0], values[1], values[2], scope.keep(gradients));
        }
    }

    /** Each caption as often as there are pictures of it. */
    private static Tensor spread(Tensor texts, int pictures) {
        List<Tensor> rows = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            rows.add(texts.narrow(0, i * texts.size(0) / pictures, 1));
        }
        return Tensor.cat(rows, 0);
    }

    private Tensor constant(Tensor ids) {
        try (var _ = Autograd.pause()) {
            return encoder.encode(ids, compute, Segments.DIRECT);
        }
    }

    private Tensor target(Batch batch, Tensor latents) {
        return prediction == PredictionType.EPSILON
                ? batch.noise
                : schedule.velocity(latents, batch.noise, batch.timesteps);
    }

    /** Means over all elements of each half, as PyTorch's {@code mse_loss} of the chunked prediction. */
    private Tensor losses(Tensor predicted, Tensor target, Batch batch) {
        Tensor each = predicted.sub(target).square().mean(false, 1, 2, 3); // (batch)
        if (variant.minSnrGamma() > 0) {
            each = each.mul(snrWeights(batch.timesteps).to(each.device()));
        }
        long count = each.size(0);
        Tensor none = Tensor.zeros().to(each.device());
        if (!batch.hasPrior()) {
            Tensor mean = each.mean();
            return Tensor.stack(List.of(mean, mean, none), 0);
        }
        Tensor instance = each.narrow(0, 0, count / 2).mean();
        Tensor prior = each.narrow(0, count / 2, count / 2).mean();
        return Tensor.stack(List.of(instance.add(prior, batch.priorWeight), instance, prior), 0);
    }

    /** min(snr, gamma) / snr for noise, / (snr + 1) for velocity (Hang et al. 2023, section 3.4). */
    private Tensor snrWeights(long[] timesteps) {
        var weights = new float[timesteps.length];
        for (int i = 0; i < weights.length; i++) {
            double snr = schedule.snr(timesteps[i]);
            double by = prediction == PredictionType.EPSILON ? snr : snr + 1;
            weights[i] = (float) (Math.min(snr, variant.minSnrGamma()) / by);
        }
        return Tensor.of(weights, weights.length);
    }
}
