package dev.cloakproof.evaluator.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.cloakproof.evaluator.IndexDatabase;
import dev.cloakproof.evaluator.TinyPack;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.service.Heard;
import dev.cloakproof.service.records.References;
import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.EvaluateRequest;
import dev.cloakproof.v1.EvaluateResponse;
import dev.cloakproof.v1.EvaluationParameters;
import dev.cloakproof.v1.EvaluationServiceGrpc;
import dev.cloakproof.v1.EvaluationServiceGrpc.EvaluationServiceBlockingStub;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import dev.cloakproof.v1.ListMetricsRequest;
import dev.cloakproof.v1.MetricDescription;
import dev.cloakproof.v1.MetricSummary;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.RunParameters;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stage and the calls, with a pack of small random networks, on a real broker. */
@QuarkusTest
@QuarkusTestResource(EventLine.class)
@QuarkusTestResource(IndexDatabase.class)
@TestProfile(EvaluateStageTest.Packed.class)
class EvaluateStageTest {
    public static final class Packed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Path packs = Path.of("target", "packs");
            TinyPack.write(packs);
            return Map.of("cloakproof.packs.folder", packs.toString());
        }
    }

    @Inject
    GrpcServer server;

    @Inject
    EventPublisher publisher;

    @Inject
    BlobStore blobs;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

    private final String run = "r-" + UUID.randomUUID();
    private ManagedChannel channel;
    private EvaluationServiceBlockingStub client;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
        client = EvaluationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    private static Picture picture(int seed) {
        byte[] rgb = new byte[192 * 192 * 3];
        new Random(seed).nextBytes(rgb);
        return GaussianBlur.of(Picture.of(192, 192, rgb), 5);
    }

    private PictureReference stored(String name, Picture picture) {
        return PictureReference.newBuilder()
                .setName(name)
                .setBlob(References.of(blobs.put(PictureWriter.png(picture), "image/png")))
                .setWidth(picture.width())
                .setHeight(picture.height())
                .build();
    }

    private ImagesSampled.Builder sampled(EvaluationParameters parameters) {
        var context = RunContext.newBuilder()
                .setRun("runs/" + run)
                .setSubject("anna")
                .setCreateTime(References.timestamp(Instant.now()))
                .setAuthorization(AuthorizationRecord.newBuilder()
                        .setRightsHolder("nobody")
                        .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
                        .setReference("drawn by a random generator")
                        .setGrantTime(References.timestamp(Instant.now().minusSeconds(60))))
                .setParameters(RunParameters.newBuilder().setEvaluation(parameters));
        var asked = ImagesSampled.newBuilder().setContext(context);
        for (int i = 0; i < 3; i++) {
            Picture picture = picture(i);
            asked.addProtectedPictures(stored("p" + i + ".png", picture));
            asked.addPurifiedPictures(stored("p" + i + ".png", GaussianBlur.of(picture, 3)));
        }
        for (int i = 0; i < 2; i++) {
            asked.addSamples(SampledReference.newBuilder()
                    .setPicture(stored("s" + i + ".png", picture(10 + i)))
                    .setPrompt("a photo of sks person")
                    .setSeed(i));
        }
        return asked;
    }

    private void publish(ImagesSampled asked) {
        publisher.publish(Event.first(
                EventType.IMAGES_SAMPLED, UUID.randomUUID().toString(), "/test", run, Instant.now(), asked));
    }

    private byte[] bytes(dev.cloakproof.v1.BlobReference reference) {
        return blobs.get(References.blob(reference));
    }

    @Test
    void aSampledRunIsScoredAndReported() throws IOException {
        publish(sampled(EvaluationParameters.newBuilder()
                        .setBootstrapResamples(50)
                        .build())
                .build());
        RunEvaluated result;
        try (var evaluated = new Heard<>(broker, EventType.RUN_EVALUATED)) {
            result = evaluated.await(run).payload();
        }
        JsonNode scores = new ObjectMapper().readTree(bytes(result.getScoresJson()));
        assertThat(scores.at("/run").asText()).isEqualTo("runs/" + run);
        assertThat(scores.at("/sets").findValuesAsText("name"))
                .contains("protected", "purified", "samples", "p0.png", "s1.png");

        // The counterpart of a purified picture is the protected one of its place.
        double psnr = scores.at("/sets/1/means/psnr/mean").asDouble();
        assertThat(psnr).isBetween(15.0, 79.0);
        assertThat(scores.at("/sets/0/means/psnr").isMissingNode()).isTrue();
        MetricSummary summary = result.getScoresList().stream()
                .filter(one -> one.getMetric().equals("psnr"))
                .findAny()
                .orElseThrow();
        assertThat(summary.getSet()).isEqualTo("purified");
        assertThat(summary.getMean()).isEqualTo(psnr);
        assertThat(summary.getCount()).isEqualTo(3);
        assertThat(psnr).isBetween(summary.getIntervalLow(), summary.getIntervalHigh());
        assertThat(result.getScoresList())
                .filteredOn(one -> one.getSet().equals("samples"))
                .extracting(MetricSummary::getMetric)
                .contains("liqe", "clip_iqac", "q", "q_liqe");

        // What cannot be given is said, and why.
        assertThat(scores.at("/sets/2/missing/ims_vgg").asText())
                .isEqualTo("the pack 'tiny' has no component 'vggface'");
        assertThat(scores.at("/sets/2/missing/ims_ip").asText()).isEqualTo("none of 3 reference pictures has a face");
        assertThat(scores.at("/sets/2/missing/ims").asText()).startsWith("it is made of ims_ip: ");
        assertThat(scores.at("/sets/0/missing/ims_ip").asText()).isEqualTo("there are no reference pictures");
        assertThat(scores.at("/sets/1/missing/lpips_alex").asText()).contains("'lpips-alex'");
        assertThat(scores.at("/notes/0").asText()).contains("no clean ones were sent");

        assertThat(scores.at("/tests").findValuesAsText("metric")).contains("liqe", "clip_iqac");
        assertThat(scores.at("/tests/0/probability").asDouble()).isBetween(0.0, 1.0);
        assertThat(scores.at("/tests/0/pairs").asInt()).isEqualTo(3);
        assertThat(scores.at("/latent_mismatch/sets/1/points").size()).isEqualTo(3);
        assertThat(scores.at("/latent_mismatch/sets/2/person").size()).isEqualTo(2);
        assertThat(scores.at("/latent_mismatch/noise").size()).isEqualTo(5);

        assertThat(result.getRecord().getPack()).isEqualTo("tiny");
        assertThat(result.getRecord().getInputsCount()).isEqualTo(8);
        assertThat(result.getRecord().getParameters().getEvaluation().getMetricsList())
                .contains("average");
        assertThat(new String(bytes(result.getReport()), StandardCharsets.UTF_8))
                .startsWith("<!doctype html>")
                .contains("<h1>Run " + run);
    }

    @Test
    void aRunWithoutAuthorisationIsNotScored() {
        ImagesSampled.Builder asked = sampled(EvaluationParameters.getDefaultInstance());
        asked.getContextBuilder().clearAuthorization();
        publish(asked.build());
        try (var failed = new Heard<>(broker, EventType.RUN_FAILED)) {
            assertThat(failed.await(run).payload().getFailure().getReason()).isEqualTo("AUTHORIZATION_MISSING");
        }
    }

    @Test
    void aPictureThatIsGoneEndsTheStage() {
        ImagesSampled.Builder asked = sampled(EvaluationParameters.newBuilder()
                .addMetrics("psnr")
                .setBootstrapResamples(0)
                .build());
        blobs.delete(References.blob(asked.getPurifiedPictures(1).getBlob()));
        publish(asked.build());
        try (var failed = new Heard<>(broker, EventType.RUN_FAILED)) {
            assertThat(failed.await(run).payload().getFailure().getReason()).isEqualTo("BLOB_MISSING");
        }
    }

    private static dev.cloakproof.v1.Picture sent(String name, Picture picture) {
        return dev.cloakproof.v1.Picture.newBuilder()
                .setName(name)
                .setContent(ByteString.copyFrom(PictureWriter.png(picture)))
                .build();
    }

    private Problem refusal(EvaluateRequest request) {
        return GrpcErrors.fromStatus(catchThrowable(() -> client.evaluate(request)))
                .orElseThrow();
    }

    @Test
    void picturesAreScoredInACall() {
        EvaluateRequest request = EvaluateRequest.newBuilder()
                .addPictures(sent("same", picture(1)))
                .addPictures(sent("blurred", GaussianBlur.of(picture(1), 7)))
                .addReferences(sent("original", picture(1)))
                .addReferences(sent("original", picture(1)))
                .setParameters(EvaluationParameters.newBuilder()
                        .addMetrics("ssim")
                        .addMetrics("psnr")
                        .addMetrics("liqe"))
                .build();
        EvaluateResponse response = client.evaluate(request);
        assertThat(response.getPicturesList()).extracting(one -> one.getName()).containsExactly("same", "blurred");
        assertThat(response.getPictures(0).getScoresMap()).containsOnlyKeys("ssim", "psnr", "liqe");
        assertThat(response.getPictures(0).getScoresOrThrow("ssim")).isEqualTo(1);
        assertThat(response.getPictures(1).getScoresOrThrow("ssim")).isLessThan(0.99);
        assertThat(response.getSummariesList())
                .extracting(MetricSummary::getMetric)
                .containsExactlyInAnyOrder("ssim", "psnr", "liqe");
        assertThat(response.getSummaries(0).hasIntervalLow()).isTrue();
        assertThat(client.evaluate(request)).isEqualTo(response);
    }

    @Test
    void whatCannotBeScoredIsRefusedWithTheReason() {
        EvaluateRequest picture =
                EvaluateRequest.newBuilder().addPictures(sent("a", picture(1))).build();
        assertThat(refusal(with(picture, "beauty")).reason()).isEqualTo(Reason.METRIC_UNKNOWN);
        assertThat(refusal(with(picture, "psnr")).violations())
                .extracting(Problem.Violation::field)
                .containsExactly("references");
        EvaluateRequest pair =
                picture.toBuilder().addReferences(sent("a", picture(1))).build();
        assertThat(refusal(with(pair, "lpips_alex")).reason()).isEqualTo(Reason.PACK_MISSING);
        assertThat(refusal(EvaluateRequest.getDefaultInstance()).reason()).isEqualTo(Reason.PARAMETER_INVALID);
        assertThat(refusal(picture.toBuilder().setPack("none").build()).reason())
                .isEqualTo(Reason.PACK_MISSING);
        EvaluateRequest text = EvaluateRequest.newBuilder()
                .addPictures(dev.cloakproof.v1.Picture.newBuilder().setContent(ByteString.copyFromUtf8("no picture")))
                .build();
        assertThat(refusal(text).reason()).isEqualTo(Reason.PICTURE_INVALID);
    }

    private static EvaluateRequest with(EvaluateRequest request, String metric) {
        return request.toBuilder()
                .setParameters(EvaluationParameters.newBuilder().addMetrics(metric))
                .build();
    }

    @Test
    void allMetricsAreDescribed() {
        List<MetricDescription> metrics =
                client.listMetrics(ListMetricsRequest.getDefaultInstance()).getMetricsList();
        assertThat(metrics).hasSize(13).extracting(MetricDescription::getMetric).isSorted();
        assertThat(metrics)
                .filteredOn(metric -> metric.getMetric().equals("lpips_alex"))
                .singleElement()
                .satisfies(metric -> {
                    assertThat(metric.getHigherIsBetter()).isFalse();
                    assertThat(metric.getNeedsReferences()).isTrue();
                    assertThat(metric.getSource()).isNotBlank();
                });
    }
}
