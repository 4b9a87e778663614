package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.scheduler.Scheduler;
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
     */
    public record Request(Sampling sampling, Picture picture, double strength) {}

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
        Sampling sampling = request.sampling();
        Autoencoder vae = model.vae();
        try (var scope = Scope.open();
                var _ = Autograd.pause();
                Trajectory trajectory =
                        Scheduler.of(sampling.scheduler()).begin(sampling.steps(), request.strength())) {
            // 1. the texts
            Tensor context = TextContext.encode(model, sampling);

            // 2. the picture's latents, drawn once: (1, channels, h, w), repeated for the batch
            Generator noise = Generator.seeded(sampling.seed());
            Tensor drawn = vae.encode(pixels.to(vae.device()).to(vae.dtype()))
                    .sample(noise)
                    .to(DType.F32)
                    .mul(vae.config().scalingFactor());
            Tensor original = Tensor.cat(Collections.nCopies(sampling.batch(), drawn), 0);

            // 3. noised to the first level
            Tensor start =
                    trajectory.addNoise(original, noise.normal(original.shape()).to(original.device()));

            // 4. down the noise levels
            return scope.keep(new Denoising(model.unet(), context, null, null, sampling.guidance(), noise, progress)
                    .run(trajectory, start));
        }
    }
}
