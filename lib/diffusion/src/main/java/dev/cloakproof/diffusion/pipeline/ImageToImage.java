package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.scheduler.Scheduler;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.Trajectory;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import java.util.Collections;
import java.util.List;

/**
 * Pictures from a picture and prompts: noise is added to the picture and taken away again (SDEdit, Meng et al. 2022;
 * diffusers, {@code StableDiffusionImg2ImgPipeline}).
 */
public final class ImageToImage {
    /**
     * @param picture with sides that are multiples of the autoencoder's factor
     * @param strength in (0, 1]: the share of the steps that is run; 1 leaves nothing of the picture
     * @param prompts one for each picture to make
     */
    public record Request(
            Picture picture,
            double strength,
            List<String> prompts,
            List<String> negativePrompts,
            int steps,
            Guidance guidance,
            SchedulerConfig scheduler,
            long seed) {
        public Request {
            prompts = List.copyOf(prompts);
            negativePrompts = List.copyOf(negativePrompts);
            if (prompts.isEmpty()) {
                throw new IllegalArgumentException("no prompts");
            }
        }
    }

    private final StableDiffusion model;

    public ImageToImage(StableDiffusion model) {
        this.model = model;
    }

    /**
     * @throws PromptTooLongException if a prompt does not fit
     * @throws java.util.concurrent.CancellationException if {@code progress} asks for it
     */
    public List<Picture> run(Request request, Progress progress) {
        try (var _ = Scope.open()) {
            Tensor pixels = PictureTensors.signed(List.of(request.picture()));
            return Latents.pictures(model.vae(), latents(request, pixels, progress));
        }
    }

    /** @param pixels (1, 3, height, width) in [-1, 1], in place of the request's picture */
    Tensor latents(Request request, Tensor pixels, Progress progress) {
        Autoencoder vae = model.vae();
        try (var scope = Scope.open();
                var _ = Autograd.pause();
                Trajectory trajectory = Scheduler.of(request.scheduler()).begin(request.steps(), request.strength())) {
            // 1. the texts
            Tensor context = TextContext.encode(
                    model.tokenizer(),
                    model.textEncoder(),
                    request.prompts(),
                    request.negativePrompts(),
                    request.guidance());

            // 2. the picture's latents, drawn once: (1, channels, h, w), repeated for the batch
            Generator noise = Generator.seeded(request.seed());
            Tensor drawn = vae.encode(pixels.to(vae.device()).to(vae.dtype()))
                    .sample(noise)
                    .to(DType.F32)
                    .mul(vae.config().scalingFactor());
            Tensor original = Tensor.cat(Collections.nCopies(request.prompts().size(), drawn), 0);

            // 3. noised to the first level
            Tensor start =
                    trajectory.addNoise(original, noise.normal(original.shape()).to(original.device()));

            // 4. down the noise levels
            return scope.keep(new Denoising(model.unet(), context, null, null, request.guidance(), noise, progress)
                    .run(trajectory, start));
        }
    }
}
