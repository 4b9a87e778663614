package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.trainer.Fixtures;
import dev.cloakproof.trainer.train.TrainingControl.Ending;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DreamBoothTest {
    @TempDir
    private Path folder;

    private final TrainingControl control = new TrainingControl();
    private final List<StepReport> reports = new ArrayList<>();

    private static TrainingSpec six() {
        return Fixtures.spec()
                .but()
                .learningRate(LearningRate.constant(2e-4, 6))
                .checkpoints(new CheckpointSpec(2, 2))
                .build();
    }

    private DreamBooth.Result run(TrainingSpec spec, TrainingListener listener) {
        return run(spec, Validation.NONE, listener);
    }

    private DreamBooth.Result run(TrainingSpec spec, Validation validation, TrainingListener listener) {
        try (var model = Fixtures.model()) {
            return new DreamBooth(model, Fixtures.tokenizer(), spec, folder, () -> Long.MAX_VALUE)
                    .run(
                            Fixtures.pictures(),
                            validation,
                            TrainingParityTest.collecting(reports).and(listener),
                            control);
        }
    }

    /** Does {@code action} when a step was made. */
    private static TrainingListener at(long step, Runnable action) {
        return new TrainingListener() {
            @Override
            public void stepped(StepReport report) {
                if (report.step() == step) {
                    action.run();
                }
            }
        };
    }

    private List<String> checkpoints() {
        try (Stream<Path> names = Files.list(folder.resolve("checkpoints"))) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private byte[] unet() throws IOException {
        return Files.readAllBytes(folder.resolve("model/unet/diffusion_pytorch_model.safetensors"));
    }

    private static void refused(Reason reason, String message, Runnable action) {
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(action::run)
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    // ---- steering ----

    @Test
    void cancellingKeepsOlderCheckpointsAndMakesNoModel() {
        DreamBooth.Result result = run(six(), at(3, control::cancel));
        assertThat(result).isEqualTo(new DreamBooth.Result(Ending.CANCELLED, 3, java.util.Optional.empty()));
        assertThat(checkpoints()).containsExactly("step-000000002");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void aRunSavedAndStoppedGoesOnToTheBitsOfOneThatWasNot() throws IOException {
        run(six(), TrainingListener.NONE);
        byte[] straight = unet();
        TempFolders.empty(folder);

        assertThat(run(six(), at(3, control::saveAndStop)).ending()).isEqualTo(Ending.SAVED);
        assertThat(checkpoints()).containsExactly("step-000000002", "step-000000003");
        reports.clear();
        try (var model = Fixtures.model()) {
            new DreamBooth(model, Fixtures.tokenizer(), six(), folder, () -> Long.MAX_VALUE)
                    .run(
                            Fixtures.pictures(),
                            Validation.NONE,
                            TrainingParityTest.collecting(reports),
                            new TrainingControl());
        }
        assertThat(reports).extracting(StepReport::step).containsExactly(4L, 5L, 6L);
        assertThat(unet()).isEqualTo(straight);
    }

    @Test
    void aPausedRunWaitsAndCanBeResumed() throws Exception {
        var paused = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<DreamBooth.Result> result = executor.submit(() -> run(six(), at(2, () -> {
                control.pause();
                paused.countDown();
            })));
            paused.await();
            assertThat(result.isDone()).isFalse();
            control.resume();
            assertThat(result.get().ending()).isEqualTo(Ending.FINISHED);
        }
        assertThat(reports).hasSize(6);
    }

    @Test
    void aPausedRunCanBeCancelled() throws Exception {
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            control.pause();
            Future<DreamBooth.Result> result = executor.submit(() -> run(six(), TrainingListener.NONE));
            control.cancel();
            assertThat(result.get().ending()).isEqualTo(Ending.CANCELLED);
        }
        assertThat(reports).isEmpty();
    }

    // ---- what is stored ----

    @Test
    void onlyTheNewestCheckpointsStay() {
        run(six().but().checkpoints(new CheckpointSpec(1, 2)).build(), TrainingListener.NONE);
        assertThat(checkpoints()).containsExactly("step-000000004", "step-000000005");
    }

    @Test
    void leftoversOfAKilledSaveAreNotCheckpoints() throws IOException {
        run(six(), at(3, control::cancel));
        Path partial = folder.resolve("checkpoints/.step-000000004.partial");
        Files.createDirectories(partial);
        Files.writeString(partial.resolve("run.json"), "{");
        TrainingControl again = new TrainingControl();
        try (var model = Fixtures.model()) {
            new DreamBooth(model, Fixtures.tokenizer(), six(), folder, () -> Long.MAX_VALUE)
                    .run(Fixtures.pictures(), Validation.NONE, TrainingListener.NONE, again);
        }
        assertThat(checkpoints()).containsExactly("step-000000002", "step-000000004");
    }

    @Test
    void aCheckpointOfAnotherSpecIsRefusedWithTheDifference() {
        run(six(), at(3, control::cancel));
        refused(
                Reason.FOREIGN_CHECKPOINT,
                "spec.seed: this run has 8, the checkpoint 7",
                () -> run(six().but().seed(8).build(), TrainingListener.NONE));
        // Nothing was lost.
        assertThat(checkpoints()).containsExactly("step-000000002");
    }

    @Test
    void aCheckpointOfOtherPicturesIsRefused() {
        run(six(), at(3, control::cancel));
        try (var model = Fixtures.model()) {
            var job = new DreamBooth(model, Fixtures.tokenizer(), six(), folder, () -> Long.MAX_VALUE);
            var pictures = new TrainingPictures(
                    Fixtures.pictures().instance().subList(0, 2),
                    Fixtures.pictures().prior());
            refused(
                    Reason.FOREIGN_CHECKPOINT,
                    "pictures: this run has",
                    () -> job.run(pictures, Validation.NONE, TrainingListener.NONE, new TrainingControl()));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenStopsTheRunAtItsFirstCheckpoint() throws IOException {
        Files.writeString(folder.resolve("checkpoints"), "a file stands here");
        refused(Reason.CANNOT_SAVE, "the checkpoint of step 2", () -> run(six(), TrainingListener.NONE));
        assertThat(reports).hasSize(2);
    }

    // ---- bad input ----

    @Test
    void noPicturesAreRefused() {
        refused(
                Reason.BAD_PICTURES,
                "at least 1 instance picture, found 0",
                () -> new TrainingPictures(List.of(), List.of()));
    }

    @Test
    void mixedSizesAreRefusedByName() {
        Picture small = Picture.of(8, 8, new byte[8 * 8 * 3]);
        Picture large = Picture.of(16, 8, new byte[16 * 8 * 3]);
        refused(
                Reason.BAD_PICTURES,
                "mixed sizes: number 1 is 8x8, number 2 is 16x8",
                () -> TrainingPictures.framed(List.of(small, large), List.of(), 8));
    }

    @Test
    void anUnreadablePictureIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("me.png"), "no picture");
        refused(Reason.UNREADABLE_PICTURE, "me.png", () -> TrainingPictures.read(List.of(file)));
    }

    @Test
    void aCaptionPast77TokensIsRefusedBeforeAnythingElse() {
        try (var model = Fixtures.model()) {
            var job = new DreamBooth(model, _ -> new long[78], six(), folder, () -> Long.MAX_VALUE);
            refused(
                    Reason.PROMPT_TOO_LONG,
                    "has 78 tokens, expected at most 77",
                    () -> job.run(Fixtures.pictures(), Validation.NONE, TrainingListener.NONE, control));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theTokenizerRefusesANoiseTokenThatDoesNotFit() {
        PromptIds ids = Fixtures.plainTokenizer();
        assertThat(ids.of("a photo of sks person")).hasSize(77);
        refused(Reason.PROMPT_TOO_LONG, "expected at most 75", () -> ids.of("x ".repeat(76)));
    }

    @Test
    void tooLittleMemoryIsRefusedWithTheTable() {
        try (var model = Fixtures.model()) {
            var job = new DreamBooth(model, Fixtures.tokenizer(), six(), folder, () -> 1 << 20);
            refused(
                    Reason.NO_MEMORY,
                    "optimizer state",
                    () -> job.run(Fixtures.pictures(), Validation.NONE, TrainingListener.NONE, control));
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndNamesTheStep() {
        try (var model = Fixtures.model()) {
            var job = new DreamBooth(model, Fixtures.tokenizer(), six(), folder, () -> Long.MAX_VALUE);
            Tensor weight = model.unet().parameters().all().get("conv_out.bias");
            TrainingListener poison = at(3, () -> {
                try (var _ = Scope.open()) {
                    InPlace.copy(weight, Tensor.full(Double.NaN, DType.F32, weight.shape()));
                }
            });
            refused(
                    Reason.NOT_FINITE,
                    "step 4: loss NaN",
                    () -> job.run(Fixtures.pictures(), Validation.NONE, poison, control));
        }
        assertThat(checkpoints()).containsExactly("step-000000002");
    }

    // ---- watching ----

    @Test
    void reportsHaveStepRateAndTimes() {
        run(six(), TrainingListener.NONE);
        assertThat(reports).hasSize(6).allSatisfy(report -> {
            assertThat(report.steps()).isEqualTo(6);
            assertThat(report.learningRate()).isEqualTo(2e-4);
            assertThat(report.loss()).isPositive();
            assertThat(report.gradientNorm()).isPositive();
            assertThat(report.time()).isPositive();
        });
        assertThat(reports.getLast().remaining()).isEqualTo(Duration.ZERO);
        assertThat(reports.getFirst().remaining()).isPositive();
    }

    @Test
    void validationPicturesAreScoredAndChangeNothing() throws IOException {
        run(six(), TrainingListener.NONE);
        byte[] without = unet();
        TempFolders.empty(folder);

        Map<Long, List<Validation.Sample>> seen = new LinkedHashMap<>();
        var validation = new Validation(
                3,
                List.of("a photo of sks person"),
                5,
                (model, _, seed) -> {
                    Tensor mean = model.unet()
                            .parameters()
                            .all()
                            .get("conv_in.weight")
                            .mul(1000)
                            .abs()
                            .mean();
                    return Picture.of(1, 1, new byte[] {(byte) mean.item(), (byte) seed, 0});
                },
                (picture, _) -> picture.sample(0, 0, 1));
        Map<String, Double> meters = new LinkedHashMap<>();
        var listener = new TrainingListener() {
            @Override
            public void validated(long step, List<Validation.Sample> samples) {
                seen.put(step, samples);
            }
        };
        run(six(), validation, listener.and(new TrainingMeters(registry(meters))));
        assertThat(seen.keySet()).containsExactly(0L, 3L, 6L);
        assertThat(seen.get(3L).getFirst().score()).isEqualTo(5);
        assertThat(unet()).isEqualTo(without);
        assertThat(meters)
                .containsEntry("training.steps", 6.0)
                .containsEntry("training.checkpoints", 2.0)
                .containsEntry("training.validation.score", 5.0)
                .containsKeys("training.loss", "training.step", "training.memory.optimizer.state");
    }

    private static TrainingMeters.Registry registry(Map<String, Double> meters) {
        return new TrainingMeters.Registry() {
            @Override
            public void count(String name, double amount) {
                meters.merge(name, amount, Double::sum);
            }

            @Override
            public void gauge(String name, double value) {
                meters.put(name, value);
            }

            @Override
            public void time(String name, Duration duration) {
                meters.put(name, duration.toNanos() / 1e9);
            }
        };
    }

    // ---- precision ----

    @Test
    void bfloat16ComputeTrainsCloseToFloat32() {
        run(six(), TrainingListener.NONE);
        List<Double> exact = reports.stream().map(StepReport::loss).toList();
        TempFolders.empty(folder);
        reports.clear();
        run(six().but().compute(DType.BF16).recompute(true).build(), TrainingListener.NONE);
        for (int i = 0; i < exact.size(); i++) {
            assertThat(reports.get(i).loss())
                    .isCloseTo(exact.get(i), org.assertj.core.data.Percentage.withPercentage(3));
        }
    }
}
