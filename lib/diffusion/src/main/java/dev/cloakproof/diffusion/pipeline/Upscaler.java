package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.Scheduler;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.Trajectory;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Enlarges a picture four times in each direction by diffusion (diffusers, {@code StableDiffusionUpscalePipeline}): the
 * network reads the small picture, slightly noised, beside the latents. Other sizes than {@link #side} work, and memory
 * grows with the area.
 */
public final class Upscaler implements AutoCloseable {
    private static final int LEVELS = 350;
    /** Side of the small picture that the published network was trained on. */
    private static final int PUBLISHED_SIDE = 128;

    /**
     * @param picture the small picture, of any size
     * @param noiseLevel 0 to 350: how much noise the small picture gets, 20 by default in the reference
     */
    public record Request(Sampling sampling, Picture picture, int noiseLevel) {
        public Request {
            if (noiseLevel < 0 || noiseLevel > LEVELS) {
                throw new IllegalArgumentException("noise level: expected 0 to " + LEVELS + ", found " + noiseLevel);
            }
        }
    }

    private static final String LOW_RESOLUTION_SCHEDULER = "low_res_scheduler";

    private final StableDiffusion model;
    private final SchedulerConfig lowResolutionScheduler;
    private final NoiseSchedule lowResolutionNoise;

    private Upscaler(StableDiffusion model, SchedulerConfig lowResolutionScheduler) {
        this.model = model;
        this.lowResolutionScheduler = lowResolutionScheduler;
        this.lowResolutionNoise = Scheduler.of(lowResolutionScheduler).noise();
    }

    /** Of networks that are loaded already, and that this one owns from now on. */
    public static Upscaler of(StableDiffusion model, SchedulerConfig lowResolutionScheduler) {
        return new Upscaler(model, lowResolutionScheduler);
    }

    /** Loads a folder of the x4 upscaler. Its autoencoder always decodes in float32, as in the reference. */
    public static Upscaler load(Path folder, Placement placement) {
        return new Upscaler(
                StableDiffusion.load(folder, placement, placement.as(DType.F32)),
                SchedulerConfig.read(noiseFile(folder)));
    }

    /** Writes what {@link #load} reads, and the Python library. Parameters as in {@link StableDiffusion#save}. */
    public void save(Path target, Map<String, String> metadata) throws IOException {
        Files.createDirectories(target.resolve(LOW_RESOLUTION_SCHEDULER));
        lowResolutionScheduler.write(noiseFile(target));
        model.save(target, metadata);
    }

    private static Path noiseFile(Path folder) {
        return folder.resolve(LOW_RESOLUTION_SCHEDULER).resolve("scheduler_config.json");
    }

    /** Side of the small pictures that the network was trained on. */
    public int side() {
        int size = model.unet().config().sampleSize();
        return size > 0 ? size : PUBLISHED_SIDE;
    }

    /** The scheduler that the folder names. */
    public SchedulerConfig scheduler() {
        return model.scheduler();
    }

    /**
     * @return pictures of four times the width and height
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
        int batch = sampling.batch();
        try (var scope = Scope.open();
                var _ = Autograd.pause();
                Trajectory trajectory = Scheduler.of(sampling.scheduler()).begin(sampling.steps())) {
            // 1. the texts
            Tensor context = TextContext.encode(model, sampling);

            // 2. the small picture, noised once: (batch, 3, h, w), and how much, for the network to know
            Generator noise = Generator.seeded(sampling.seed());
            Tensor noised = lowResolutionNoise.addNoise(
                    pixels, noise.normal(pixels.shape()), new long[] {request.noiseLevel()});
            Tensor guide = Tensor.cat(Collections.nCopies(batch, noised), 0);
            Tensor level = Tensor.full(request.noiseLevel(), DType.I64, context.size(0))
                    .to(model.unet().device());

            // 3. noise (batch, channels, h, w): the autoencoder's factor is the enlargement
            Tensor start = noise.normal(batch, model.vae().config().latentChannels(), pixels.size(2), pixels.size(3))
                    .mul(trajectory.initialNoise());

            // 4. down the noise levels
            return scope.keep(new Denoising(model.unet(), context, guide, level, sampling.guidance(), noise, progress)
                    .run(trajectory, start));
        }
    }

    StableDiffusion model() {
        return model;
    }

    @Override
    public void close() {
        model.close();
    }
}
