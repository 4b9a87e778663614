package dev.cloakproof.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.sampler.sample.watermark.RunTag;
import dev.cloakproof.sampler.sample.watermark.WatermarkDetector;
import dev.cloakproof.sampler.work.Drawings;
import dev.cloakproof.sampler.work.SamplingRecords;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.service.Heard;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.records.ModelManifest;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PngText;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.SampleRequest;
import dev.cloakproof.v1.SampleResponse;
import dev.cloakproof.v1.SampleResponse.SampledPicture;
import dev.cloakproof.v1.SamplingParameters;
import dev.cloakproof.v1.SamplingServiceGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service with a small random model, a store and a real broker. */
@QuarkusTest
@QuarkusTestResource(value = EventLine.class, restrictToAnnotatedClass = true)
@TestProfile(TinyPack.class)
class SamplerServiceTest {
    private static final String SUFFIX = " without t@j noisy pattern";
    private static final AuthorizationRecord ALLOWED = AuthorizationRecord.newBuilder()
            .setRightsHolder("nobody")
            .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
            .setReference("test")
            .setGrantTime(References.timestamp(Instant.EPOCH))
            .build();

    @Inject
    GrpcServer server;

    @Inject
    Packs packs;

    @Inject
    StoredModels models;

    @Inject
    StoredPictures pictures;

    @Inject
    ObjectStore objects;

    @Inject
    Drawings drawings;

    @Inject
    EventPublisher publisher;

    @TestHTTPResource
    URI http;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

    private final String run = "r-" + UUID.randomUUID();
    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    private Blob model(String suffix) {
        return models.save(
                TinyPack.MODEL,
                new ModelManifest(
                        ModelManifest.FORMAT,
                        "tiny",
                        packs.find("tiny").manifestSha256(),
                        "a photo of sks dog" + suffix.replace("without", "with"),
                        suffix,
                        List.of()),
                WorkContext.UNWATCHED);
    }

    private List<SampleResponse> sample(SampleRequest request) {
        List<SampleResponse> all = new ArrayList<>();
        Iterator<SampleResponse> answers =
                SamplingServiceGrpc.newBlockingStub(channel).sample(request);
        answers.forEachRemaining(all::add);
        return all;
    }

    private List<SampledPicture> pictures(SampleRequest request) {
        return sample(request).stream()
                .filter(SampleResponse::hasSampledPicture)
                .map(SampleResponse::getSampledPicture)
                .toList();
    }

    private Problem refused(SampleRequest request) {
        Throwable thrown = catchThrowable(() -> sample(request));
        return GrpcErrors.fromStatus(thrown).orElseThrow(() -> new AssertionError(thrown));
    }

    private static SampleRequest request(SamplingParameters.Builder parameters) {
        return SampleRequest.newBuilder().setParameters(parameters).build();
    }

    @Test
    void theBaseDrawsWithWhatThePackAndThePaperSay() {
        List<SampledPicture> drawn =
                pictures(request(SamplingParameters.newBuilder().setSeed(5)));
        assertThat(drawn).extracting(SampledPicture::getSeed).containsExactly(5L, 6L, 7L, 8L);
        RequestRecord record = drawn.getFirst().getRecord();
        SamplingParameters used = record.getParameters().getSampling();
        assertThat(used.getSteps()).isEqualTo(2); // the pack's
        assertThat(used.getGuidanceScale()).isEqualTo(8.5); // the paper's
        assertThat(used.getNegativePrompt()).isEqualTo("noisy, abstract, pattern, low quality");
        assertThat(used.getNoiseToken()).isEqualTo("t@j noisy pattern");
        assertThat(used.getPromptsList()).containsExactly("a photo of sks person", "a smiling photo of sks person");
        assertThat(used.getScheduler()).isEqualTo("pndm");
        assertThat(record.getPack()).isEqualTo("tiny");
        assertThat(record.getParameterSourcesMap())
                .containsEntry("sampling.steps", "pack")
                .containsEntry("sampling.guidance_scale", "preset");
        assertThat(record.getInputsList()).isEmpty();
    }

    @Test
    void aPictureSaysWhatItIs() {
        SampledPicture drawn = pictures(request(SamplingParameters.newBuilder()
                        .setSeed(5)
                        .setPicturesPerPrompt(1)
                        .addPrompts("a photo of somebody")))
                .getFirst();
        byte[] png = drawn.getPicture().getContent().toByteArray();
        Map<String, String> texts = PngText.read(png);
        assertThat(texts.get("cloakproof")).contains("\"sampling\": \"5\"", "\"stage\": \"STAGE_SAMPLE\"");
        assertThat(texts.get(SamplingRecords.PROMPT_KEYWORD)).isEqualTo("a photo of somebody" + SUFFIX);
        String origin = texts.get(SamplingRecords.ORIGIN_KEYWORD);
        assertThat(origin).startsWith("samplings/");
        Picture picture = StoredPictures.decode("", png);
        assertThat(picture.width()).isEqualTo(64);
        assertThat(WatermarkDetector.detect(picture).tag()).contains(RunTag.of(origin));
    }

    @Test
    void anExplicitPresetComesBeforeThePack() {
        var parameters = SamplingParameters.newBuilder()
                .setPreset(Preset.PRESET_OFFICIAL)
                .setSteps(1)
                .addPrompts("a photo of sks person");
        SampledPicture drawn = pictures(request(parameters)).getFirst();
        SamplingParameters used = drawn.getRecord().getParameters().getSampling();
        assertThat(used.getPicturesPerPrompt()).isEqualTo(16);
        assertThat(used.getGuidanceScale()).isEqualTo(7.5);
        assertThat(PngText.read(drawn.getPicture().getContent().toByteArray()).get(SamplingRecords.PROMPT_KEYWORD))
                .isEqualTo("a photo of sks person, without bhj noisy pattern");
    }

    @Test
    void aPersonalModelNeedsTheRecordOfWhoAllowedIt() {
        SampleRequest request = SampleRequest.newBuilder()
                .setModel(References.of(model(SUFFIX)))
                .setParameters(SamplingParameters.newBuilder().setPicturesPerPrompt(1))
                .build();
        assertThat(refused(request).reason()).isEqualTo(Reason.AUTHORIZATION_MISSING);
        List<SampledPicture> drawn =
                pictures(request.toBuilder().setAuthorization(ALLOWED).build());
        RequestRecord record = drawn.getFirst().getRecord();
        assertThat(record.getParameters().getSampling().getPromptsList())
                .containsExactly("a photo of sks dog", "a smiling photo of sks dog");
        assertThat(record.getInputs(0)).isEqualTo(request.getModel());
    }

    @Test
    void requestsThatCannotBeAreRefusedWithAReason() {
        assertRefused(SamplingParameters.newBuilder().setSteps(0), Reason.PARAMETER_INVALID, "steps");
        assertRefused(
                SamplingParameters.newBuilder().setGuidanceScale(0.5), Reason.PARAMETER_INVALID, "guidance_scale");
        assertRefused(
                SamplingParameters.newBuilder().setGuidanceScale(Double.NaN),
                Reason.PARAMETER_INVALID,
                "guidance_scale");
        assertRefused(SamplingParameters.newBuilder().setScheduler("magic"), Reason.PARAMETER_INVALID, "euler");
        assertRefused(
                SamplingParameters.newBuilder().setPrecision(Precision.PRECISION_FLOAT16),
                Reason.PARAMETER_INVALID,
                "precision");
        assertRefused(
                SamplingParameters.newBuilder().addPrompts("word ".repeat(90)), Reason.PROMPT_TOO_LONG, "too long");
        Problem pack = refused(SampleRequest.newBuilder().setPack("other").build());
        assertThat(pack.reason()).isEqualTo(Reason.PACK_MISSING);
        SampleRequest gone = SampleRequest.newBuilder()
                .setModel(References.of(new Blob("0".repeat(64), 1, "x")))
                .setAuthorization(ALLOWED)
                .build();
        assertThat(refused(gone).reason()).isEqualTo(Reason.BLOB_MISSING);
    }

    private void assertRefused(SamplingParameters.Builder parameters, Reason reason, String word) {
        Problem problem = refused(request(parameters));
        assertThat(problem.reason()).isEqualTo(reason);
        assertThat(problem.message()).contains(word);
    }

    @Test
    void aModelOfAnotherPackIsRefused() {
        Blob foreign = models.save(
                TinyPack.MODEL,
                new ModelManifest(ModelManifest.FORMAT, "sd21", "0".repeat(64), "a photo", "", List.of()),
                WorkContext.UNWATCHED);
        Problem problem = refused(SampleRequest.newBuilder()
                .setModel(References.of(foreign))
                .setAuthorization(ALLOWED)
                .build());
        assertThat(problem.reason()).isEqualTo(Reason.PACK_MISSING);
        assertThat(problem.message()).contains("sd21");
    }

    @Test
    void aCancelledCallStopsBetweenTwoSteps() {
        Context.CancellableContext call = Context.current().withCancellation();
        List<SampleResponse> seen = new ArrayList<>();
        Throwable ended = catchThrowable(() -> call.call(() -> {
            SamplingServiceGrpc.newBlockingStub(channel)
                    .sample(request(SamplingParameters.newBuilder().setSteps(900)))
                    .forEachRemaining(answer -> {
                        seen.add(answer);
                        call.cancel(null);
                    });
            return null;
        }));
        assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(seen.getFirst().getProgress().getTotalSteps()).isEqualTo(3604);
        await().until(() -> !drawings.working());
    }

    @Test
    void aDeadlineEndsTheDrawing() {
        Throwable ended = catchThrowable(() -> SamplingServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                .sample(request(SamplingParameters.newBuilder().setSteps(900)))
                .forEachRemaining(_ -> {}));
        assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().until(() -> !drawings.working());
    }

    private ModelTrained trained(SamplingParameters.Builder parameters, Blob model) {
        return ModelTrained.newBuilder()
                .setContext(RunContext.newBuilder()
                        .setRun("runs/" + run)
                        .setSubject("anna")
                        .setAuthorization(ALLOWED)
                        .setParameters(RunParameters.newBuilder().setSampling(parameters)))
                .setModel(References.of(model))
                .addPurifiedPictures(PictureReference.newBuilder().setName("one"))
                .build();
    }

    private void publish(ModelTrained trained) {
        publisher.publish(Event.first(
                EventType.MODEL_TRAINED, UUID.randomUUID().toString(), "/test", run, Instant.now(), trained));
    }

    @Test
    void theStageDrawsWithTheModelOfTheRun() {
        publish(trained(SamplingParameters.newBuilder(), model(SUFFIX)));
        try (var heard = new Heard<>(broker, EventType.IMAGES_SAMPLED)) {
            ImagesSampled sampled = heard.await(run).payload();
            assertThat(sampled.getSamplesList())
                    .extracting(SampledReference::getPrompt)
                    .containsExactly(
                            "a photo of sks dog" + SUFFIX,
                            "a photo of sks dog" + SUFFIX,
                            "a smiling photo of sks dog" + SUFFIX,
                            "a smiling photo of sks dog" + SUFFIX);
            long seed = sampled.getRecord().getSeedsOrThrow("sampling");
            assertThat(sampled.getSamplesList())
                    .extracting(SampledReference::getSeed)
                    .containsExactly(seed, seed + 1, seed + 2, seed + 3);
            assertThat(sampled.getPurifiedPicturesList()).hasSize(1);
            assertThat(sampled.getSamplesList()).allSatisfy(sample -> {
                Picture picture = pictures.read(sample.getPicture());
                assertThat(WatermarkDetector.detect(picture).tag()).contains(RunTag.of("runs/" + run));
                assertThat(PngText.read(pictures.encoded(sample.getPicture())).get(SamplingRecords.ORIGIN_KEYWORD))
                        .isEqualTo("runs/" + run);
            });
        }
    }

    @Test
    void aDuplicateGivesTheSamePictures() {
        ModelTrained trained = trained(SamplingParameters.newBuilder(), model(SUFFIX));
        publish(trained);
        publish(trained);
        try (var heard = new Heard<>(broker, EventType.IMAGES_SAMPLED)) {
            List<Event<ImagesSampled>> twice = heard.await(run, 2);
            assertThat(twice.get(1).payload()).isEqualTo(twice.get(0).payload());
        }
    }

    @Test
    void aRestartedStageGoesOnWithThePictureAfterTheLastFinishedOne() {
        ModelTrained trained = trained(SamplingParameters.newBuilder(), model(SUFFIX));
        SampledReference kept = SampledReference.newBuilder().setPrompt("kept").build();
        String key = "runs/" + run + "/sample/" + Sha256.of(trained.toByteArray()) + "/picture-0.pb";
        objects.put(new ObjectKey(key), kept.toByteArray());
        publish(trained);
        try (var heard = new Heard<>(broker, EventType.IMAGES_SAMPLED)) {
            ImagesSampled sampled = heard.await(run).payload();
            assertThat(sampled.getSamplesList()).hasSize(4);
            assertThat(sampled.getSamples(0)).isEqualTo(kept);
            assertThat(sampled.getSamples(1).getSeed())
                    .isEqualTo(sampled.getRecord().getSeedsOrThrow("sampling") + 1);
        }
    }

    @Test
    void aCancelledRunStopsBetweenTwoSteps() {
        publish(trained(SamplingParameters.newBuilder().setSteps(900).setPicturesPerPrompt(1000), model(SUFFIX)));
        try (var progress = new Heard<>(broker, EventType.RUN_PROGRESS);
                var failures = new Heard<>(broker, EventType.RUN_FAILED)) {
            progress.await(run);
            publisher.publish(Event.first(
                    EventType.RUN_CANCEL,
                    UUID.randomUUID().toString(),
                    "/test",
                    run,
                    Instant.now(),
                    RunCancelRequested.newBuilder()
                            .setRun("runs/" + run)
                            .setRequestedBy("anna")
                            .build()));
            assertThat(failures.await(run).payload().getFailure().getReason()).isEqualTo("CANCELLED");
        }
        await().until(() -> !drawings.working());
    }

    @Test
    void aModelWithoutPermissionFailsTheRun() {
        ModelTrained trained = trained(SamplingParameters.newBuilder(), model(SUFFIX));
        publish(trained.toBuilder()
                .setContext(trained.getContext().toBuilder().clearAuthorization())
                .build());
        try (var failures = new Heard<>(broker, EventType.RUN_FAILED)) {
            assertThat(failures.await(run).payload().getFailure().getReason()).isEqualTo("AUTHORIZATION_MISSING");
        }
    }

    @Test
    void probesAreToldOfPacksAndQueue() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var ready = client.send(
                    HttpRequest.newBuilder(http.resolve("/q/health/ready")).build(), BodyHandlers.ofString());
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).contains("\"sampler\"", "\"tiny\"");
            pictures(request(SamplingParameters.newBuilder().setPicturesPerPrompt(1)));
            var metrics = client.send(
                    HttpRequest.newBuilder(http.resolve("/q/metrics")).build(), BodyHandlers.ofString());
            assertThat(metrics.body())
                    .contains("sampler_images_total", "sampler_step_duration_seconds", "job_duration_seconds");
        }
    }
}
