package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.optim.AdamW;
import dev.cloakproof.tensor.optim.AdamWSettings;
import dev.cloakproof.tensor.optim.Gradients;
import dev.cloakproof.trainer.train.DenoisingObjective;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.LossSpec;
import dev.cloakproof.trainer.train.PromptIds;
import dev.cloakproof.trainer.train.Trainables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model that stands for whatever an attacker will train: gives gradients of its denoising loss to pixels, and can be
 * trained on pixels itself (Anti-DreamBooth, {@code train_one_epoch}). Changes the model in place.
 */
final class Surrogate {
    private final DiffusionModel model;
    private final DenoisingObjective objective;
    private final Tensor caption; // (1, 77)
    private final Tensor priorCaption; // (1, 77)
    private final SurrogateSpec spec;
    private final Draws draws;

    /** @param ids in the current scope, as is all that a surrogate holds */
    Surrogate(DiffusionModel model, PromptIds ids, SurrogateSpec spec, Draws draws) {
        this.model = model;
        this.spec = spec;
        this.draws = draws;
        objective = model.objective(LossSpec.PLAIN, spec.compute(), spec.recompute());
        caption = row(ids.of(spec.caption()));
        priorCaption = row(ids.of(spec.priorCaption()));
        model.autoencoder().parameters().require(false);
    }

    private static Tensor row(long[] ids) {
        return Tensor.of(ids, 1, ids.length);
    }

    /** d mean denoising loss / d pixels, all pictures in one batch. */
    Tensor pixelGradient(Tensor pixels) {
        try (var scope = Scope.open()) {
            model.unet().parameters().require(false);
            model.encoder().parameters().require(false);
            Tensor leaf = Autograd.variable(pixels);
            var posterior = model.autoencoder().encode(leaf);
            long n = pixels.size(0);
            Draws.Draw draw = draws.next(posterior.mean().shape());
            Tensor latents = posterior
                    .sample(draw.posterior())
                    .mul(model.autoencoder().config().scalingFactor());
            Tensor between = Autograd.variable(latents);
            var batch = new DenoisingObjective.Batch(
                    between,
                    draw.noise().to(between.device()),
                    draw.timesteps(),
                    caption.expand(n, caption.size(1)),
                    null);
            List<Tensor> upstream =
                    objective.evaluate(batch, List.of(between), false).gradients();
            return scope.keep(Autograd.grad(List.of(latents), upstream, List.of(leaf), false)
                    .getFirst());
        }
    }

    /**
     * A few steps of DreamBooth with a fresh optimizer; step i takes pair i.
     *
     * @param instance (n, 3, height, width) in [-1, 1]
     * @param prior likewise
     */
    void train(Tensor instance, Tensor prior, int steps, ProtectionMonitor.Count count) {
        if (steps == 0) {
            return;
        }
        try (var trained = Trainables.full(model, true);
                var optimizer = new AdamW(trained.all(), AdamWSettings.DEFAULT)) {
            List<Tensor> leaves = List.copyOf(trained.all().values());
            for (int i = 0; i < steps; i++) {
                step(instance, prior, i, leaves, optimizer);
                count.next();
            }
        }
    }

    private void step(Tensor instance, Tensor prior, int i, List<Tensor> leaves, AdamW optimizer) {
        try (var _ = Scope.open()) {
            Tensor pixels = Tensor.cat(
                    List.of(instance.narrow(0, i % instance.size(0), 1), prior.narrow(0, i % prior.size(0), 1)), 0);
            Tensor latents;
            Draws.Draw draw;
            try (var _ = Autograd.pause()) {
                var posterior = model.autoencoder().encode(pixels);
                draw = draws.next(posterior.mean().shape());
                latents = posterior
                        .sample(draw.posterior())
                        .mul(model.autoencoder().config().scalingFactor());
            }
            var batch = new DenoisingObjective.Batch(
                    latents,
                    draw.noise().to(latents.device()),
                    draw.timesteps(),
                    Tensor.cat(List.of(caption, priorCaption), 0),
                    1.0);
            List<Tensor> gradients = objective.evaluate(batch, leaves, true).gradients();
            Gradients.clip(gradients, spec.clipNorm());
            optimizer.step(gradients, spec.learningRate());
        }
    }

    /** All parameters that training changes, copied into the current scope. */
    Map<String, Tensor> remember() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        try (var trained = Trainables.full(model, true);
                var _ = Autograd.pause()) {
            trained.all().forEach((name, tensor) -> copies.put(name, tensor.copy()));
        }
        return copies;
    }

    /** Takes the model back to what it was. */
    void restore(Map<String, Tensor> copies) {
        try (var trained = Trainables.full(model, true)) {
            trained.all().forEach((name, tensor) -> InPlace.copy(tensor, copies.get(name)));
        }
    }

    Tensor place(Tensor pixels) {
        return pixels.to(model.unet().device()).to(DType.F32);
    }
}
