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
import java.util.ArrayList;
import java.util.Arrays;
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
        return run(List.of(request), progress);
    }

    /**
     * Several requests in one batch. Each has its own noise stream, so its pictures do not depend on the others, up to
     * the rounding of kernels that add in another order for another batch.
     *
     * @param requests of one size, number of steps, guidance, scheduler and noise level
     * @return the pictures of the first request, then of the next
     * @throws IllegalArgumentException if they do not fit together
     */
    public List<Picture> run(List<Request> requests, Progress progress) {
        try (var _ = Scope.open()) {
            List<Tensor> pixels = requests.stream()
                    .map(request -> PictureTensors.signed(List.of(request.picture())))
                    .toList();
            return Latents.pictures(model.vae(), latents(requests, pixels, progress));
        }
    }

    /** @param pixels of each request (1, 3, height, width) in [-1, 1], in place of its picture */
    Tensor latents(List<Request> requests, List<Tensor> pixels, Progress progress) {
        Request first = requests.getFirst();
        Sampling sampling = joined(requests, pixels);
        try (var scope = Scope.open();
                var _ = Autograd.pause();
                Trajectory trajectory = Scheduler.of(sampling.scheduler()).begin(sampling.steps())) {
            // 1. the texts
            Tensor context = TextContext.encode(model, sampling);

            // 2. the small pictures, each noised once: (batch, 3, h, w), and how much, for the network to know
            List<JoinedNoise.Part> streams = new ArrayList<>();
            List<Tensor> guides = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                Sampling part = requests.get(i).sampling();
                Generator noise = Generator.seeded(part.seed());
                streams.add(new JoinedNoise.Part(noise, part.batch()));
                Tensor noised = lowResolutionNoise.addNoise(
                        pixels.get(i), noise.normal(pixels.get(i).shape()), new long[] {first.noiseLevel()});
                guides.addAll(Collections.nCopies(part.batch(), noised));
            }
            var noise = new JoinedNoise(streams);
            Tensor guide = Tensor.cat(guides, 0);
            Tensor level = Tensor.full(first.noiseLevel(), DType.I64, context.size(0))
                    .to(model.unet().device());

            // 3. noise (batch, channels, h, w): the autoencoder's factor is the enlargement
            Tensor start = noise.normal(
                            sampling.batch(), model.vae().config().latentChannels(), guide.size(2), guide.size(3))
                    .mul(trajectory.initialNoise());

            // 4. down the noise levels
            return scope.keep(new Denoising(model.unet(), context, guide, level, sampling.guidance(), noise, progress)
                    .run(trajectory, start));
        }
    }

    private static Sampling joined(List<Request> requests, List<Tensor> pixels) {
        Request first = requests.getFirst();
        List<String> prompts = new ArrayList<>();
        List<String> negatives = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            if (!first.sampling().joins(request.sampling()) || first.noiseLevel() != request.noiseLevel()) {
                throw new IllegalArgumentException(
                        "requests of one batch have the same steps, guidance, scheduler and noise level");
            }
            if (!Arrays.equals(pixels.getFirst().shape(), pixels.get(i).shape())) {
                throw new IllegalArgumentException("pictures of one batch have one size: expected " + first.picture()
                        + ", found " + request.picture());
            }
            prompts.addAll(request.sampling().prompts());
            negatives.addAll(request.sampling().negatives());
        }
        Sampling sampling = first.sampling();
        return new Sampling(
                prompts, negatives, sampling.steps(), sampling.guidance(), sampling.scheduler(), sampling.seed());
    }

    StableDiffusion model() {
        return model;
    }

    @Override
    public void close() {
        model.close();
    }
}
