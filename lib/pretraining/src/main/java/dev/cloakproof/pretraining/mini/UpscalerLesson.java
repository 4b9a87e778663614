package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.pipeline.Upscaler;
import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The x4 upscaler (diffusers, {@code StableDiffusionUpscalePipeline}; Rombach et al. 2022, section 4.4): velocity in the
 * latents of the large picture, told by a small copy with some noise, by how much noise that is, and by a caption. Text
 * encoder and UNet learn; the autoencoder stays as it is.
 *
 * <p>The large picture is the album's at twice its sides, so the small one has half of them: with a fourth, a face would
 * have ten pixels, and come back as somebody else's. As in the published training, the network sees sections only, here a
 * fourth of the picture.
 */
final class UpscalerLesson implements Lesson {
    private static final double ARTWORKS = 0.2;
    private static final double DAMAGED = 0.35;
    private static final double UNCONDITIONAL = 0.15;
    private static final int ENLARGEMENT = 4;
    /** Sides of the large picture in those of the album's. */
    static final int LARGE = 2;

    private final StableDiffusion model;
    private final SchedulerConfig smallNoise;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final int levels;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();

    /**
     * @param model the lesson's from now on
     * @param smallNoise of the small copy
     */
    UpscalerLesson(StableDiffusion model, SchedulerConfig smallNoise, Album album, Plan plan, int batch) {
        this.model = model;
        this.smallNoise = smallNoise;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        levels = model.unet().config().classes();
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
        List<Picture> large = new ArrayList<>();
        List<Picture> small = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        long[] level = new long[batch];
        long[] timesteps = new long[batch];
        NoiseSchedule schedule = NoiseSchedule.of(model.scheduler());
        for (int i = 0; i < batch; i++) {
            Album.Kind kind = draws.chance(ARTWORKS) ? Album.Kind.ARTWORK : Album.Kind.PORTRAIT;
            Picture picture = album.picture(kind, draws.below(kind.count()));
            Picture whole = small(draws.chance(DAMAGED) ? worse(picture, draws) : picture);
            int side = whole.width() / 2;
            int left = draws.below(side + 1);
            int top = draws.below(side + 1);
            small.add(whole.crop(left, top, side, side));
            large.add(
                    large(picture).crop(ENLARGEMENT * left, ENLARGEMENT * top, ENLARGEMENT * side, ENLARGEMENT * side));
            texts.add(
                    draws.chance(UNCONDITIONAL)
                            ? ""
                            : kind == Album.Kind.PORTRAIT ? "A photo of a person" : "A photo of an artwork");
            // Mostly little noise, as it is used.
            double share = draws.between(0, 1);
            level[i] = (long) (share * share * levels);
            timesteps[i] = draws.below(schedule.timesteps());
        }
        Tensor clean = latents(large);
        Tensor guide = PictureTensors.signed(small);
        Tensor noise = draws.tensors().normal(clean.shape());
        Tensor guideNoise = draws.tensors().normal(guide.shape());
        Tensor noisy = schedule.addNoise(clean, noise, timesteps);
        Tensor told = NoiseSchedule.of(smallNoise).addNoise(guide, guideNoise, level);
        Tensor context =
                model.textEncoder().encode(model.tokenizer().encode(texts).toTensor());
        Tensor predicted = model.unet()
                .predict(
                        Tensor.cat(List.of(noisy, told), 1),
                        Tensor.of(timesteps, batch),
                        context,
                        Tensor.of(level, batch),
                        Segments.DIRECT);
        Tensor loss = predicted
                .sub(schedule.velocity(clean, noise, timesteps))
                .square()
                .mean();
        return new Outcome(loss, Map.of());
    }

    private Tensor latents(List<Picture> pictures) {
        try (var scope = Scope.open();
                var _ = Autograd.pause()) {
            return scope.keep(model.vae()
                    .encode(PictureTensors.signed(pictures))
                    .mean()
                    .mul(model.vae().config().scalingFactor()));
        }
    }

    /** What purification leaves of a perturbation: the network is to draw over it. */
    private static Picture worse(Picture picture, Draws draws) {
        Degradation[] kinds = Degradation.values();
        return kinds[draws.below(kinds.length)].apply(picture, draws.between(0, 0.4), draws.numbers());
    }

    private static Picture large(Picture picture) {
        return Resize.to(picture, LARGE * picture.width(), LARGE * picture.height(), Resampling.BICUBIC);
    }

    private static Picture small(Picture picture) {
        int side = LARGE * picture.width() / ENLARGEMENT;
        return Resize.to(picture, side, side, Resampling.BICUBIC);
    }

    @Override
    public Picture sheet() {
        List<List<Picture>> rows = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var upscaler = Upscaler.of(model, smallNoise);
        for (int i = 0; i < 8; i++) {
            Picture picture = Album.draw(Seeds.heldOut(i), i, album.size()).picture();
            Picture small = small(picture);
            var sampling = new Sampling(
                    List.of("A photo of a person"), List.of(), 20, Guidance.scale(3), model.scheduler(), i);
            rows.get(0).add(picture);
            rows.get(1).add(Resize.to(small, picture.width(), picture.height(), Resampling.BICUBIC));
            Picture found = upscaler.run(new Upscaler.Request(sampling, small, 20), Progress.NONE)
                    .getFirst();
            rows.get(2).add(Resize.to(found, picture.width(), picture.height(), Resampling.BICUBIC));
        }
        return PortraitSheet.of(rows);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        Upscaler.of(model, smallNoise).save(folder, metadata);
    }

    @Override
    public void close() {
        model.close();
    }
}
