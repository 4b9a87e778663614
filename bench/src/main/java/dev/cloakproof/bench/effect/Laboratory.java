package dev.cloakproof.bench.effect;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.pipeline.TextToImage;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.evaluator.evaluate.Evaluation;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.ScoreReport;
import dev.cloakproof.evaluator.evaluate.ScorerSet;
import dev.cloakproof.evaluator.evaluate.ScoringNetworks;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.PurificationWatch;
import dev.cloakproof.purifier.purify.PurifierPack;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.trainer.protect.Aspl;
import dev.cloakproof.trainer.protect.Budget;
import dev.cloakproof.trainer.protect.Protection;
import dev.cloakproof.trainer.protect.ProtectionMonitor;
import dev.cloakproof.trainer.protect.SurrogateSpec;
import dev.cloakproof.trainer.train.CdlPrompts;
import dev.cloakproof.trainer.train.CheckpointSpec;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.DreamBooth;
import dev.cloakproof.trainer.train.OptimizerSpec;
import dev.cloakproof.trainer.train.PictureDrawer;
import dev.cloakproof.trainer.train.PriorPictures;
import dev.cloakproof.trainer.train.PromptIds;
import dev.cloakproof.trainer.train.TrainingControl;
import dev.cloakproof.trainer.train.TrainingListener;
import dev.cloakproof.trainer.train.TrainingPictures;
import dev.cloakproof.trainer.train.TrainingSpec;
import dev.cloakproof.trainer.train.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Protects, purifies, trains, samples and scores on one pack. What it has made before lies in its folder. */
final class Laboratory implements AutoCloseable {
    private static final String IDENTIFIER = "sks";
    private static final String NOUN = "person";
    private static final List<String> PROMPTS = List.of("a photo of sks person", "a smiling photo of sks person");
    /** The paper's (section 4.3). */
    private static final String NEGATIVE = "noisy, abstract, pattern, low quality";

    private static final Set<Metric> METRICS = EnumSet.of(Metric.IMS, Metric.Q, Metric.AVERAGE);

    private final ModelPack pack;
    private final Path home;
    private final Numbers numbers;
    private final Path base;
    private final PurifierPack purifier;
    private final ScoringNetworks scoring;

    Laboratory(ModelPack pack, Path home, Numbers numbers) {
        this.pack = pack;
        this.home = home;
        this.numbers = numbers;
        base = pack.path("diffusion", "stable-diffusion");
        purifier = new PurifierPack(pack, Placement.REFERENCE);
        scoring = new ScoringNetworks(Optional.of(pack), Placement.REFERENCE);
    }

    /** Trains and scores one cell; keeps pictures of what was trained on and of what was drawn. */
    ScoreReport measure(Cell cell) throws IOException {
        Person person = Person.of(cell.person(), numbers.side());
        List<Picture> drawn = drawn(cell, person);
        List<Evaluation.Sample> samples = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            Picture picture = drawn.get(i);
            samples.add(new Evaluation.Sample("%02d".formatted(i), () -> picture));
        }
        try (ScorerSet scorers = ScorerSet.open(scoring, METRICS, person.references(), false, NOUN)) {
            if (!scorers.missing().isEmpty()) {
                throw new IllegalStateException("the pack '" + pack.name() + "' cannot score: " + scorers.missing());
            }
            return new Evaluation(scorers.scorers()).score(samples, _ -> {});
        }
    }

    /** Drawn once: who deletes a cell's scores has it scored again. */
    private List<Picture> drawn(Cell cell, Person person) throws IOException {
        Path kept = folder(cell).resolve("drawn");
        if (!Files.exists(kept)) {
            train(cell, pictures(cell, person));
        }
        return kept(kept, numbers.samples() * PROMPTS.size());
    }

    private Path folder(Cell cell) {
        return home.resolve(cell.key());
    }

    private void keep(Cell cell, List<Picture> trainedOn, List<Picture> drawn) throws IOException {
        Path folder = folder(cell);
        Files.createDirectories(folder);
        PictureWriter.write(folder.resolve("trained-on.png"), PictureWriter.png(sheet(trainedOn, 4)));
        PictureWriter.write(folder.resolve("drawn.png"), PictureWriter.png(sheet(drawn, numbers.samples())));
        keep(drawn, folder.resolve("drawn"));
    }

    /** All of them or none. */
    private static void keep(List<Picture> pictures, Path folder) throws IOException {
        Path unfinished = folder.resolveSibling(folder.getFileName() + ".unfinished");
        Files.createDirectories(unfinished);
        for (int i = 0; i < pictures.size(); i++) {
            PictureWriter.write(unfinished.resolve(i + ".png"), PictureWriter.png(pictures.get(i)));
        }
        Files.move(unfinished, folder);
    }

    private static List<Picture> kept(Path folder, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PictureReader.DEFAULT.read(folder.resolve(i + ".png")))
                .toList();
    }

    private List<Picture> pictures(Cell cell, Person person) throws IOException {
        List<Picture> perturbed =
                switch (cell.condition()) {
                    case CLEAN -> person.published();
                    case RANDOM -> random(person.published(), cell);
                    default -> protectedPictures(cell, person);
                };
        return cell.condition().purified() ? purified(perturbed) : perturbed;
    }

    private static List<Picture> random(List<Picture> pictures, Cell cell) {
        var random = new SplittableRandom(cell.person());
        int radius = (int) cell.budget();
        return pictures.stream()
                .map(picture -> {
                    byte[] rgb = picture.rgb();
                    for (int i = 0; i < rgb.length; i++) {
                        int level = (rgb[i] & 0xff) + (random.nextBoolean() ? radius : -radius);
                        rgb[i] = (byte) Math.clamp(level, 0, 255);
                    }
                    return Picture.of(picture.width(), picture.height(), rgb);
                })
                .toList();
    }

    /** Protected once for all conditions that begin with it. */
    private List<Picture> protectedPictures(Cell cell, Person person) throws IOException {
        Path folder = folder(cell.as(Condition.PROTECTED)).resolve("protected");
        if (!Files.exists(folder)) {
            keep(protect(cell, person), folder);
        }
        return kept(folder, person.published().size());
    }

    private List<Picture> protect(Cell cell, Person person) {
        try (DiffusionModel model = DiffusionModel.load(base, Device.CPU)) {
            var ids = PromptIds.of(ClipTokenizer.load(base.resolve("tokenizer")));
            SurrogateSpec surrogate =
                    SurrogateSpec.of(IDENTIFIER, NOUN).with(numbers.surrogateRate(), Double.POSITIVE_INFINITY);
            var aspl = new Aspl(model, ids, surrogate, numbers.protectionRounds(), 3, 6, 3);
            var request = new Protection.Request(
                    person.published(),
                    person.own(),
                    prior(model).subList(0, Math.min(8, numbers.classPictures())),
                    new Budget(cell.budget(), Math.max(1, cell.budget() / 11)),
                    numbers.seed());
            return aspl.protect(request, ProtectionMonitor.NONE);
        }
    }

    private List<Picture> purified(List<Picture> pictures) {
        Chain chain = purifier.catalogue().parse(numbers.method(), Preset.PAPER);
        return pictures.stream()
                .map(picture -> {
                    Picture made = chain.run(picture, new PurificationRun(numbers.seed(), NOUN, PurificationWatch.NONE))
                            .picture();
                    return Resize.to(made, picture.width(), picture.height(), Resampling.LANCZOS);
                })
                .toList();
    }

    private List<Picture> prior(DiffusionModel model) {
        PictureDrawer usual = PictureDrawer.of(base, numbers.side());
        var drawer = new PictureDrawer(
                usual.tokenizer(),
                usual.scheduler(),
                numbers.side(),
                numbers.sampleSteps(),
                Guidance.scale(numbers.guidance()));
        return new PriorPictures(home.resolve("prior"), drawer.prior(model, Progress.NONE))
                .get(
                        CdlPrompts.paper(IDENTIFIER, NOUN).plainClass(),
                        numbers.classPictures(),
                        numbers.seed(),
                        pack.name(),
                        _ -> {},
                        () -> false);
    }

    /** Trains, and draws for all conditions that one training serves. */
    private void train(Cell cell, List<Picture> pictures) throws IOException {
        CdlPrompts prompts =
                cell.condition().decoupled() ? CdlPrompts.paper(IDENTIFIER, NOUN) : CdlPrompts.off(IDENTIFIER, NOUN);
        TrainingSpec spec = TrainingSpec.paper(prompts)
                .but()
                .resolution(numbers.side())
                .batchSize(numbers.batchSize())
                .learningRate(LearningRate.constant(numbers.learningRate(), numbers.trainingSteps()))
                .optimizer(OptimizerSpec.ADAMW)
                .priorCount(numbers.classPictures())
                .checkpoints(new CheckpointSpec(0, 1))
                .compute(DType.F32)
                .recompute(false)
                .seed(numbers.seed() + cell.person())
                .build();
        Path training = folder(cell).resolve("training");
        forget(training);
        try (DiffusionModel model = DiffusionModel.load(base, Device.CPU)) {
            ClipTokenizer tokenizer = ClipTokenizer.load(base.resolve("tokenizer"));
            var framed = TrainingPictures.framed(pictures, prior(model), numbers.side());
            new DreamBooth(
                            model,
                            PromptIds.of(tokenizer),
                            spec,
                            training,
                            () -> Runtime.getRuntime().maxMemory() * 16)
                    .run(framed, Validation.NONE, new TrainingListener() {}, new TrainingControl());
            for (Condition condition : Condition.values()) {
                Cell served = cell.as(condition);
                if (condition.trainedAs(cell.condition())
                        && !Files.exists(folder(served).resolve("drawn"))) {
                    keep(served, pictures, sample(served, model, tokenizer, prompts));
                }
            }
        } finally {
            forget(training);
        }
    }

    /** A model a cell would fill the disk. */
    private static void forget(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private List<Picture> sample(Cell cell, DiffusionModel model, ClipTokenizer tokenizer, CdlPrompts prompts) {
        PictureDrawer usual = PictureDrawer.of(base, numbers.side());
        // Not closed: the networks stay the model's.
        var pipeline = new StableDiffusion(
                base, tokenizer, model.encoder(), model.unet(), model.autoencoder(), usual.scheduler());
        String suffix = cell.condition().suffix() ? prompts.samplingSuffix() : "";
        List<Picture> drawn = new ArrayList<>();
        for (int i = 0; i < PROMPTS.size(); i++) {
            var sampling = new Sampling(
                    Collections.nCopies(numbers.samples(), PROMPTS.get(i) + suffix),
                    cell.condition().decoupled() ? List.of(NEGATIVE) : List.of(),
                    numbers.sampleSteps(),
                    Guidance.scale(numbers.guidance()),
                    usual.scheduler(),
                    // Other noise for every prompt, the same for every condition.
                    numbers.seed() + 1000L * cell.person() + i);
            drawn.addAll(new TextToImage(pipeline)
                    .run(new TextToImage.Request(sampling, numbers.side(), numbers.side()), Progress.NONE));
        }
        return drawn;
    }

    private static Picture sheet(List<Picture> pictures, int columns) {
        List<List<Picture>> rows = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i += columns) {
            rows.add(pictures.subList(i, Math.min(i + columns, pictures.size())));
        }
        return PortraitSheet.of(rows);
    }

    @Override
    public void close() {
        scoring.close();
        purifier.close();
    }
}
