package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.scheduler.Scheduler;
import dev.cloakproof.diffusion.scheduler.Trajectory;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/** Pictures from prompts (diffusers, {@code StableDiffusionPipeline}). The same request gives the same pictures. */
public final class TextToImage {
    /**
     * @param height in pixels, a multiple of the autoencoder's factor
     * @param width likewise
     */
    public record Request(Sampling sampling, int height, int width) {
        public Request {
            if (height < 1 || width < 1) {
                throw new IllegalArgumentException("size: expected at least 1 x 1, found " + width + " x " + height);
            }
        }
    }

    private final StableDiffusion model;

    public TextToImage(StableDiffusion model) {
        this.model = model;
    }

    /**
     * Checks prompts before long work on them begins.
     *
     * @throws PromptTooLongException if one does not fit
     */
    public void requireFits(List<String> prompts) {
        try (var _ = Scope.open()) {
            TextContext.ids(model.tokenizer(), prompts);
        }
    }

    /**
     * @throws PromptTooLongException if a prompt does not fit
     * @throws java.util.concurrent.CancellationException if {@code progress} asks for it
     */
    public List<Picture> run(Request request, Progress progress) {
        try (var _ = Scope.open()) {
            return Latents.pictures(model.vae(), latents(request, progress));
        }
    }

    /** The denoised latents (batch, channels, h, w), times the scaling factor, in the caller's scope. */
    Tensor latents(Request request, Progress progress) {
        Sampling sampling = request.sampling();
        int factor = model.vae().config().factor();
        if (request.height() % factor != 0 || request.width() % factor != 0) {
            throw new IllegalArgumentException(
                    "size: expected multiples of " + factor + ", found " + request.width() + " x " + request.height());
        }
        try (var scope = Scope.open();
                var _ = Autograd.pause();
                Trajectory trajectory = Scheduler.of(sampling.scheduler()).begin(sampling.steps())) {
            // 1. the texts
            Tensor context = TextContext.encode(model, sampling);

            // 2. noise (batch, channels, height / f, width / f)
            Generator noise = Generator.seeded(sampling.seed());
            Tensor start = noise.normal(
                            sampling.batch(),
                            model.vae().config().latentChannels(),
                            request.height() / factor,
                            request.width() / factor)
                    .mul(trajectory.initialNoise());

            // 3. down the noise levels
            return scope.keep(new Denoising(model.unet(), context, null, null, sampling.guidance(), noise, progress)
                    .run(trajectory, start));
        }
    }
}
