package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.pipeline.TextToImage;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.tensor.image.Picture;
import java.nio.file.Path;
import java.util.List;

/**
 * Draws pictures from a model as it stands: prior pictures before it is trained, validation pictures meanwhile.
 *
 * @param scheduler the model's own in the released code
 * @param side of the square pictures, in pixels
 * @param steps 50 for the released code's prior pictures
 */
public record PictureDrawer(ClipTokenizer tokenizer, SchedulerConfig scheduler, int side, int steps, Guidance guidance)
        implements Validation.Sampler {

    /** As the released code draws prior pictures: the folder's scheduler, 50 steps, guidance 7.5. */
    public static PictureDrawer of(Path folder, int side) {
        return new PictureDrawer(
                ClipTokenizer.load(folder.resolve("tokenizer")),
                SchedulerConfig.read(folder.resolve("scheduler").resolve("scheduler_config.json")),
                side,
                50,
                Guidance.scale(7.5));
    }

    @Override
    public Picture sample(DiffusionModel model, String prompt, long seed) {
        return sample(model, prompt, seed, Progress.NONE);
    }

    private Picture sample(DiffusionModel model, String prompt, long seed, Progress progress) {
        var sampling = new Sampling(List.of(prompt), List.of(), steps, guidance, scheduler, seed);
        // Not closed: the networks stay the model's.
        var pipeline = new StableDiffusion(
                model.folder(), tokenizer, model.encoder(), model.unet(), model.autoencoder(), scheduler);
        return new TextToImage(pipeline)
                .run(new TextToImage.Request(sampling, side, side), progress)
                .getFirst();
    }

    /**
     * Draws prior pictures from {@code model}, which must not have been trained yet.
     *
     * @param progress may end a picture between two of its steps
     */
    public PriorPictures.Drawer prior(DiffusionModel model, Progress progress) {
        return (prompt, seed) -> sample(model, prompt, seed, progress);
    }
}
