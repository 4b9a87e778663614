package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.guided.GuidedUNet;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.scheduler.PredictionType;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.pretraining.perception.PerceptionLessons;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.restore.CodeFormer;
import java.nio.file.Path;

/** Makes the lessons of the pack's parts, on the networks that earlier lessons left in the pack. */
final class Parts {
    private static final Placement TRAINED = new Placement(DType.F32, Device.CPU, true);
    private static final double AVERAGE = 0.998;

    private static final SchedulerConfig SCHEDULER = SchedulerConfig.stableDiffusion(SchedulerKind.PNDM);
    private static final SchedulerConfig UPSCALER_SCHEDULER =
            SchedulerConfig.stableDiffusion(SchedulerKind.DDIM).withPrediction(PredictionType.V_PREDICTION);
    private static final SchedulerConfig SMALL_NOISE = SchedulerConfig.stableDiffusion(SchedulerKind.DDPM);

    private final Scale scale;
    private final Shapes shapes;
    private final long seed;
    private final Path pack;
    private final Album album;

    /**
     * @param seed of the networks' first values
     * @param pack the folder of finished parts
     */
    Parts(Scale scale, long seed, Path pack, Album album) {
        this.scale = scale;
        shapes = Shapes.of(scale);
        this.seed = seed;
        this.pack = pack;
        this.album = album;
    }

    Lesson autoencoder(long steps) {
        var network = new Autoencoder(shapes.autoencoderConfig(), drawn("autoencoder"));
        return new AutoencoderLesson(network, album, Plan.cosine(2e-3, steps, AVERAGE), shapes.batch());
    }

    Lesson textToImage(long steps) {
        StableDiffusion model = model("text-to-image", shapes.unetConfig(), 2, SCHEDULER);
        return new TextToImageLesson(model, album, Plan.cosine(1e-3, steps, AVERAGE), 4 * shapes.batch());
    }

    Lesson upscaler(long steps) {
        StableDiffusion model = model("upscaler", shapes.upscalerUnetConfig(), 1, UPSCALER_SCHEDULER);
        return new UpscalerLesson(model, SMALL_NOISE, album, Plan.cosine(1e-3, steps, AVERAGE), shapes.batch());
    }

    Lesson codebook(long steps) {
        var network = new CodeFormer(shapes.restorer(), drawn("codebook"));
        return new CodebookLesson(network, album, Plan.cosine(1.5e-3, steps, AVERAGE), shapes.batch());
    }

    Lesson codePrediction(long steps) {
        return new CodePredictionLesson(
                CodeFormer.load(part(Part.CODEBOOK), TRAINED),
                CodeFormer.load(part(Part.CODEBOOK), Placement.REFERENCE),
                album,
                Plan.cosine(6e-4, steps, AVERAGE),
                2 * shapes.batch());
    }

    Lesson fusion(long steps) {
        return new FusionLesson(
                CodeFormer.load(part(Part.CODE_PREDICTION), TRAINED),
                album,
                Plan.cosine(1e-3, steps, AVERAGE),
                shapes.batch());
    }

    Lesson pixelDiffusion(long steps) {
        var network = new GuidedUNet(shapes.pixelUnet(), drawn("pixel-diffusion"));
        return new PixelDiffusionLesson(network, album, Plan.cosine(1e-3, steps, AVERAGE), shapes.batch());
    }

    Lesson perception(String key, long steps) {
        return PerceptionLessons.lesson(key, scale, album, pack, steps);
    }

    private StableDiffusion model(String key, UNetConfig unet, int layers, SchedulerConfig scheduler) {
        ClipTokenizer tokenizer = ClipTokenizer.load(pack.resolve("tokenizer"));
        return new StableDiffusion(
                pack, // whose tokenizer goes along when the model is saved
                tokenizer,
                new ClipTextEncoder(shapes.text(tokenizer.vocabularySize(), layers), drawn(key + "/text")),
                new UNet(unet, drawn(key + "/unet")),
                Autoencoder.load(part(Part.AUTOENCODER), Placement.REFERENCE),
                scheduler);
    }

    private Path part(Part part) {
        return pack.resolve(part.key());
    }

    private Parameters drawn(String key) {
        return Parameters.drawn(Generator.seeded(seed + key.hashCode()));
    }
}
