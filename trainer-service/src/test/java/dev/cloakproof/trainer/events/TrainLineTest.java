package dev.cloakproof.trainer.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.service.Heard;
import dev.cloakproof.service.config.KafkaConfig;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.service.records.StoredModels.OpenModel;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.trainer.Fixtures;
import dev.cloakproof.trainer.TinyPack;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.work.Trained;
import dev.cloakproof.trainer.work.Trainer;
import dev.cloakproof.trainer.work.TrainingPlan;
import dev.cloakproof.trainer.work.TrainingPlans;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.TrainingParameters;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trainings of a tiny model, asked for by events on a real broker. */
@QuarkusTest
@QuarkusTestResource(value = EventLine.class, restrictToAnnotatedClass = true)
@TestProfile(TinyPack.class)
class TrainLineTest {
    @Inject
    EventPublisher publisher;

    @Inject
    BlobStore blobs;

    @Inject
    StoredModels models;

    @Inject
    StoredPictures pictures;

    @Inject
    TrainingPlans plans;

    @Inject
    Trainer trainer;

    @Inject
    KafkaConfig kafka;

    @ConfigProperty(name = "cloakproof.work.folder")
    Path work;

    private Heard<ModelTrained> trained;
    private Heard<RunFailed> failures;
    private Heard<RunProgress> progress;

    @BeforeEach
    void begin() {
        String broker = kafka.bootstrapServers().orElseThrow();
        trained = new Heard<>(broker, EventType.MODEL_TRAINED);
        failures = new Heard<>(broker, EventType.RUN_FAILED);
        progress = new Heard<>(broker, EventType.RUN_PROGRESS);
    }

    @AfterEach
    void end() {
        trained.close();
        failures.close();
        progress.close();
    }

    @Test
    void purifiedPicturesBecomeAModelAndADuplicateGivesTheSameAnswer() {
        Event<ImagesPurified> purified =
                event(TrainingParameters.newBuilder().setLearningRate(1e-4).setMaxGradientNorm(2));
        publisher.publish(purified);
        publisher.publish(purified);

        List<Event<ModelTrained>> answers = trained.await(purified.correlationId(), 2);
        assertThat(answers.get(1).id()).isEqualTo(answers.get(0).id());
        assertThat(answers.get(1).payload()).isEqualTo(answers.get(0).payload());
        ModelTrained done = answers.getFirst().payload();
        assertThat(done.getContext()).isEqualTo(purified.payload().getContext());
        assertThat(done.getPurifiedPicturesList()).isEqualTo(purified.payload().getPurifiedPicturesList());

        // What the request says wins, then what the pack brings, then the preset.
        TrainingParameters parameters = done.getRecord().getParameters().getTraining();
        assertThat(parameters.getLearningRate()).isEqualTo(1e-4);
        assertThat(parameters.getSteps()).isEqualTo(TinyPack.STEPS);
        assertThat(parameters.getPriorWeight()).isEqualTo(1);
        assertThat(parameters.getInstancePrompt()).isEqualTo("a photo of sks person");
        assertThat(done.getRecord().getParameterSourcesMap())
                .containsEntry("training.learning_rate", "request")
                .containsEntry("training.steps", "pack")
                .containsEntry("class_pictures.steps", "pack")
                .containsEntry("training.prior_weight", "preset");
        assertThat(done.getRecord().getPack()).isEqualTo("tiny");

        String curve = new String(blobs.get(References.blob(done.getCurve())), StandardCharsets.UTF_8);
        assertThat(curve.lines()).hasSize(TinyPack.STEPS).first().asString().startsWith("{\"step\":1,\"loss\":");
        try (OpenModel model = models.open(References.blob(done.getModel()))) {
            assertThat(model.manifest().pack()).isEqualTo("tiny");
            assertThat(model.manifest().samplingSuffix()).isEqualTo(" without t@j noisy pattern");
            DiffusionModel.load(model.folder(), Device.CPU).close();
            // Trained, and not only copied.
            Path unet = Path.of("unet", "diffusion_pytorch_model.safetensors");
            try (var _ = Scope.open()) {
                Map<String, Tensor> before =
                        Pretrained.tensors(Fixtures.modelFolder().resolve(unet));
                Map<String, Tensor> after = Pretrained.tensors(model.folder().resolve(unet));
                assertThat(after.keySet()).isEqualTo(before.keySet());
                assertThat(after.get("conv_in.weight").toFloats())
                        .isNotEqualTo(before.get("conv_in.weight").toFloats());
            }
        }
        assertThat(progress.await(purified.correlationId(), 1)
                        .getFirst()
                        .payload()
                        .getProgress()
                        .getTotalSteps())
                .isPositive();
        assertThat(work.resolve("trainings")).isEmptyDirectory();
    }

    @Test
    void aTrainingThatShutsDownGoesOnToTheSameBits() throws InterruptedException {
        TrainingPlan plan = plans.of(TrainingParameters.newBuilder().setSeed(3).build(), "", () -> 0);
        List<Picture> given = Fixtures.pictures("instance", 3);
        var straightSteps = new Told(Long.MAX_VALUE);
        Trained straight = trainer.train(plan, "anna", given, List.of(blob("a")), straightSteps);
        assertThat(straightSteps.steps).contains(1L, 2L, 3L, 8L);

        var interrupted = new Told(TinyPack.CLASS_PICTURES + 3);
        CloakproofException left = catchThrowableOfType(
                CloakproofException.class, () -> trainer.train(plan, "anna", given, List.of(blob("b")), interrupted));
        assertThat(left.reason()).isEqualTo(Reason.SHUTTING_DOWN);
        var rest = new Told(Long.MAX_VALUE);
        Trained resumed = trainer.train(plan, "anna", given, List.of(blob("b")), rest);

        // Class pictures are found, and of the steps only those that were missing are made.
        assertThat(rest.steps).containsExactly(1L, 2L, 6L, 7L, 8L);
        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(resumed.curve()).isEqualTo(straight.curve());
    }

    @Test
    void aCancelledRunStopsBetweenTwoSteps() {
        Event<ImagesPurified> purified =
                event(TrainingParameters.newBuilder().setSteps(100_000).setCheckpointInterval(1000));
        publisher.publish(purified);
        progress.await(purified.correlationId(), 3);
        publisher.publish(Event.first(
                EventType.RUN_CANCEL,
                UUID.randomUUID().toString(),
                "/test",
                purified.correlationId(),
                Instant.now(),
                RunCancelRequested.newBuilder().setRequestedBy("anna").build()));
        assertThat(reason(purified)).isEqualTo("CANCELLED");
        assertThat(work.resolve("trainings")).isEmptyDirectory();
    }

    @Test
    void whatCannotBeTrainedFailsWithItsReason() {
        assertFails("PARAMETER_INVALID", event(TrainingParameters.newBuilder().setSteps(0)));
        assertFails("PROMPT_TOO_LONG", event(TrainingParameters.newBuilder().setInstancePrompt("sks ".repeat(80))));
        assertFails(
                "TRAINING_DIVERGED",
                event(TrainingParameters.newBuilder()
                        .setLearningRate(1)
                        .setMaxGradientNorm(1e300)
                        .setSteps(100)));
        Event<ImagesPurified> good = event(TrainingParameters.newBuilder());
        RunContext context = good.payload().getContext();
        assertFails(
                "AUTHORIZATION_MISSING",
                with(good, context.toBuilder().clearAuthorization().build()));
        assertFails(
                "PACK_MISSING",
                with(
                        event(TrainingParameters.newBuilder()),
                        context.toBuilder()
                                .setParameters(RunParameters.newBuilder().setPack("sd21"))
                                .build()));
    }

    private void assertFails(String reason, Event<ImagesPurified> event) {
        publisher.publish(event);
        assertThat(reason(event)).isEqualTo(reason);
    }

    private String reason(Event<ImagesPurified> event) {
        return failures.await(event.correlationId()).payload().getFailure().getReason();
    }

    private Event<ImagesPurified> event(TrainingParameters.Builder parameters) {
        String run = "r-" + UUID.randomUUID();
        List<PictureReference> purified = new ArrayList<>();
        for (Picture picture : Fixtures.pictures("instance", 3)) {
            purified.add(pictures.write("me.png", picture, PictureWriter.png(picture), WorkContext.UNWATCHED));
        }
        ImagesPurified payload = ImagesPurified.newBuilder()
                .setContext(RunContext.newBuilder()
                        .setRun("runs/" + run)
                        .setSubject("anna")
                        .setAuthorization(AuthorizationRecord.newBuilder()
                                .setRightsHolder("Anna")
                                .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
                                .setReference("test")
                                .setGrantTime(Timestamp.newBuilder().setSeconds(1)))
                        .setParameters(RunParameters.newBuilder().setTraining(parameters)))
                .addAllProtectedPictures(purified)
                .addAllPurifiedPictures(purified)
                .build();
        return Event.first(
                EventType.IMAGES_PURIFIED, UUID.randomUUID().toString(), "/test", run, Instant.now(), payload);
    }

    private static Event<ImagesPurified> with(Event<ImagesPurified> event, RunContext context) {
        return Event.first(
                event.type(),
                event.id(),
                event.source(),
                event.correlationId(),
                event.time(),
                event.payload().toBuilder().setContext(context).build());
    }

    private static Blob blob(String text) {
        return new Blob(Sha256.of(text), 1, "image/png");
    }

    /** Notes each step, and has the work stop after one of them. */
    private static final class Told implements WorkContext {
        private final List<Long> steps = new ArrayList<>();
        private final long last;

        private Told(long last) {
            this.last = last;
        }

        @Override
        public void progress(long step, long totalSteps, String message, Map<String, Double> values) {
            steps.add(step);
        }

        @Override
        public void checkCancelled() {
            if (!steps.isEmpty() && steps.getLast() >= last) {
                throw Reason.SHUTTING_DOWN.problem("the test stops").exception();
            }
        }
    }
}
