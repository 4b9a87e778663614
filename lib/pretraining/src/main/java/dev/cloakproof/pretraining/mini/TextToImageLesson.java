package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.pipeline.TextToImage;
import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Text encoder and UNet together: the noise in noisy latents, told by captions (paper, equation 1), each picture's error
 * weighted by min(SNR, 5) / SNR (Hang et al. 2023). The autoencoder stays as it is.
 */
final class TextToImageLesson implements Lesson {
    private static final double GAMMA = 5;
    private static final double ARTWORKS = 0.15;
    private static final double DAMAGED = 0.15;
    /** Pictures that are looked at: as many as fit into memory as latents. */
    private static final int PORTRAITS = 24_000;

    private static final int DAMAGED_PORTRAITS = 6_000;
    private static final int ARTS = 6_000;

    private static final List<String> LOOK = List.of(
            "a photo of a person",
            "a photo of a person with blond curly hair and round glasses",
            "a smiling photo of a person",
            "a person with a red hat, black skin",
            "a photo of a bald person with a full beard",
            "a photo of a person with xqv noisy pattern",
            "a photo of a person without xqv noisy pattern",
            "a painting of an artwork");

    private final StableDiffusion model;
    private final Album album;
    private final Latents latents;
    private final Plan plan;
    private final int batch;
    private final NoiseSchedule schedule;
    private final TrainingCaptions captions = new TrainingCaptions();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();

    /** @param model which is the lesson's from now on; its folder is not looked at */
    TextToImageLesson(StableDiffusion model, Album album, Plan plan, int batch) {
        this.model = model;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        latents = new Latents(model.vae(), album, model.vae().config().scalingFactor());
        schedule = NoiseSchedule.of(model.scheduler());
        model.textEncoder()
                .parameters()
                .all()
                .forEach((name, tensor) -> parameters.put("text_encoder." + name, tensor));
        model.unet().parameters().all().forEach((name, tensor) -> parameters.put("unet." + name, tensor));
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Outcome attempt(Draws draws) {
        List<Latents.Subject> subjects = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        float[] weights = new float[batch];
        long[] timesteps = new long[batch];
        for (int i = 0; i < batch; i++) {
            subjects.add(subject(draws));
            texts.add(captions.of(subjects.getLast(), draws));
            timesteps[i] = draws.below(schedule.timesteps());
            double snr = schedule.snr(timesteps[i]);
            weights[i] = (float) (Math.min(snr, GAMMA) / snr);
        }
        Tensor clean = latents.of(subjects);
        Tensor noise = draws.tensors().normal(clean.shape());
        Tensor noisy = schedule.addNoise(clean, noise, timesteps);
        Tensor context =
                model.textEncoder().encode(model.tokenizer().encode(texts).toTensor());
        Tensor predicted = model.unet().predict(noisy, Tensor.of(timesteps, batch), context);
        Tensor each = predicted.sub(noise).square().mean(false, 1, 2, 3);
        return new Outcome(
                each.mul(Tensor.of(weights, batch)).mean(),
                Map.of("plain", each.mean().item()));
    }

    private static Latents.Subject subject(Draws draws) {
        if (draws.chance(ARTWORKS)) {
            return new Latents.Subject(Album.Kind.ARTWORK, draws.below(ARTS), false);
        }
        boolean damaged = draws.chance(DAMAGED);
        return new Latents.Subject(Album.Kind.PORTRAIT, draws.below(damaged ? DAMAGED_PORTRAITS : PORTRAITS), damaged);
    }

    @Override
    public Picture sheet() {
        List<List<Picture>> rows = new ArrayList<>();
        for (int row = 0; row < 2; row++) {
            var sampling = new Sampling(
                    LOOK,
                    List.of(),
                    25,
                    Guidance.scale(row == 0 ? 1 : 4),
                    model.scheduler().withKind(SchedulerKind.DDIM),
                    7);
            int side = album.size();
            rows.add(new TextToImage(model).run(new TextToImage.Request(sampling, side, side), Progress.NONE));
        }
        return PortraitSheet.of(rows);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        model.save(folder, metadata);
    }

    @Override
    public void close() {
        model.close();
    }
}
