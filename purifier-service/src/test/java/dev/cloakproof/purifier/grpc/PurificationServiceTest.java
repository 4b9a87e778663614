package dev.cloakproof.purifier.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.config.PurifierConfig;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.PurificationWatch;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.purifier.work.Purifier;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.PngText;
import dev.cloakproof.v1.ListPurificationMethodsRequest;
import dev.cloakproof.v1.MethodDescription;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.PurificationServiceGrpc.PurificationServiceBlockingStub;
import dev.cloakproof.v1.PurifyBatchRequest;
import dev.cloakproof.v1.PurifyBatchResponse;
import dev.cloakproof.v1.PurifyRequest;
import dev.cloakproof.v1.PurifyResponse;
import dev.cloakproof.v1.RequestRecord;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The started service, called over gRPC. */
@QuarkusTest
class PurificationServiceTest {
    /** Seconds to minutes of work, were it not stopped. */
    private static final String LONG =
            "tvm(side=256, lambda=10, gap=0.000001) | tvm(side=256, lambda=10, gap=0.000001)";

    @Inject
    GrpcServer server;

    @Inject
    Purifications purifications;

    @Inject
    Purifier purifier;

    @Inject
    MeterRegistry meters;

    @TestHTTPResource
    URI http;

    @Inject
    PurifierConfig config;

    private ManagedChannel channel;
    private PurificationServiceBlockingStub client;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
        client = PurificationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void disconnectAndFindTheServiceIdle() throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> purifications.waiting() == 0 && purifier.working() == 0);
    }

    @Test
    void aPurifiedPictureIsWhatTheMethodMakesOfIt() throws Exception {
        Picture picture = picture(1, 48, 32);
        byte[] png = PictureWriter.png(picture);
        PurifyResponse response = client.purify(request(png, "gaussian", Map.of("kernel", 7.0)));

        byte[] answer = response.getPicture().getContent().toByteArray();
        Picture expected = Methods.catalogue(null, null)
                .parse("gaussian(kernel=7)", Preset.PAPER)
                .run(picture, new PurificationRun(0, "person", PurificationWatch.NONE))
                .picture();
        assertThat(PictureReader.DEFAULT.read(answer)).isEqualTo(expected);
        assertThat(response.getPicture().getName()).isEqualTo("me.png");
        assertThat(response.hasFacesFound()).isFalse();

        RequestRecord record = response.getRecord();
        PurificationParameters parameters = record.getParameters().getPurification();
        assertThat(parameters.getSettingsMap()).isEqualTo(Map.of("kernel", 7.0, "sigma", 0.0));
        assertThat(parameters.getClassNoun()).isEqualTo("person");
        assertThat(parameters.getPrecision()).isEqualTo(Precision.PRECISION_FLOAT32);
        assertThat(record.getSeedsMap()).containsEntry("purification", parameters.getSeed());
        assertThat(record.getInputs(0).getSha256()).isEqualTo(Sha256.of(png));
        assertThat(record.getInputs(0).getMediaType()).isEqualTo("image/png");
        RequestRecord.Builder written = RequestRecord.newBuilder();
        JsonFormat.parser().merge(PngText.read(answer).get("cloakproof"), written);
        assertThat(written.build()).isEqualTo(record);
    }

    @Test
    void anUnchangedPictureLeavesWithoutWhatItsFileSaidOfIt() {
        Picture picture = picture(9, 48, 32);
        byte[] png = PictureWriter.png(picture, Map.of("Author", "somebody", "Comment", "x".repeat(5000)));
        PurifyResponse response = client.purify(request(png, "none", Map.of()));

        byte[] answer = response.getPicture().getContent().toByteArray();
        assertThat(PictureReader.DEFAULT.read(answer)).isEqualTo(picture);
        assertThat(PngText.read(answer)).containsOnlyKeys("cloakproof");
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("somebody", "xxx");
        assertThat(response.getRecord().getInputs(0).getSha256()).isEqualTo(Sha256.of(png));
    }

    @Test
    void aRecordMakesTheSamePictureAgain() {
        byte[] png = PictureWriter.png(picture(2, 40, 40));
        PurifyResponse first = client.purify(request(png, "tvm(side=16, drop=0.5) | jpeg", Map.of()));
        PurifyResponse second = client.purify(PurifyRequest.newBuilder()
                .setPicture(dev.cloakproof.v1.Picture.newBuilder().setContent(ByteString.copyFrom(png)))
                .setParameters(first.getRecord().getParameters().getPurification())
                .build());
        assertThat(read(second)).isEqualTo(read(first));
        assertThat(second.getRecord().getParameters())
                .isEqualTo(first.getRecord().getParameters());
    }

    @Test
    void theMethodsAreListedWithTheirSettings() {
        List<MethodDescription> methods = client.listPurificationMethods(
                        ListPurificationMethodsRequest.getDefaultInstance())
                .getMethodsList();
        assertThat(methods)
                .extracting(MethodDescription::getMethod)
                .containsExactly("gaussian", "jpeg", "none", "resize", "tvm");
        var sigma = methods.getFirst().getSettings(1);
        assertThat(sigma.getName()).isEqualTo("sigma");
        assertThat(sigma.getUnit()).isEqualTo("pixels");
        assertThat(sigma.getMaximum()).isEqualTo(100);
        assertThat(sigma.getDefaultsMap()).isEqualTo(Map.of("paper", 0.0, "official", 5.0, "corrected", 0.0));
    }

    @Test
    void whatCannotBeDoneIsRefusedWithItsReason() {
        byte[] png = PictureWriter.png(picture(3, 16, 16));
        assertRefused(request(png, "blur", Map.of()), Status.Code.INVALID_ARGUMENT, Reason.METHOD_UNKNOWN);
        assertRefused(request(png, "", Map.of()), Status.Code.FAILED_PRECONDITION, Reason.PACK_MISSING);
        assertRefused(request(png, "jpeg | | jpeg", Map.of()), Status.Code.INVALID_ARGUMENT, Reason.PARAMETER_INVALID);
        assertRefused(
                request(png, "gaussian(kernel=4)", Map.of()), Status.Code.INVALID_ARGUMENT, Reason.PARAMETER_INVALID);
        assertRefused(
                request(png, "gaussian", Map.of("kernel", 4.0)),
                Status.Code.INVALID_ARGUMENT,
                Reason.PARAMETER_INVALID);
        assertRefused(
                request(new byte[] {1, 2, 3}, "jpeg", Map.of()), Status.Code.INVALID_ARGUMENT, Reason.PICTURE_INVALID);
        assertRefused(
                request(PictureWriter.png(picture(3, 900, 16)), "tvm", Map.of()),
                Status.Code.INVALID_ARGUMENT,
                Reason.PICTURE_UNSUITABLE);
        assertRefused(
                request(new byte[(8 << 20) + 1], "jpeg", Map.of()),
                Status.Code.RESOURCE_EXHAUSTED,
                Reason.PAYLOAD_TOO_LARGE);
        PurifyRequest good = request(png, "jpeg", Map.of());
        assertRefused(good.toBuilder().setPack("sd21").build(), Status.Code.FAILED_PRECONDITION, Reason.PACK_MISSING);
        for (PurificationParameters.Builder wrong : List.of(
                good.getParameters().toBuilder().setPresetValue(9),
                good.getParameters().toBuilder().setPrecision(Precision.PRECISION_FLOAT16),
                good.getParameters().toBuilder().setClassNoun("x".repeat(61)),
                good.getParameters().toBuilder().putSettings("size", 1))) {
            assertRefused(
                    good.toBuilder().setParameters(wrong).build(),
                    Status.Code.INVALID_ARGUMENT,
                    Reason.PARAMETER_INVALID);
        }
    }

    @Test
    void aMessageBeyondTheServersLimitIsRefused() {
        Throwable refused = catchThrowable(() -> client.purify(request(new byte[17 << 20], "jpeg", Map.of())));
        assertThat(Status.fromThrowable(refused).getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void aBadPictureOfABatchFailsAlone() throws Exception {
        var answers = new Answers();
        StreamObserver<PurifyBatchRequest> pictures =
                PurificationServiceGrpc.newStub(channel).purifyBatch(answers);
        pictures.onNext(header("gaussian"));
        for (int i = 0; i < 7; i++) {
            byte[] content = i == 3 ? new byte[] {1, 2, 3} : PictureWriter.png(picture(i, 24, 24));
            pictures.onNext(PurifyBatchRequest.newBuilder()
                    .setPicture(dev.cloakproof.v1.Picture.newBuilder().setContent(ByteString.copyFrom(content)))
                    .build());
        }
        pictures.onCompleted();

        Map<Integer, PurifyBatchResponse> all = answers.all();
        assertThat(all.keySet()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(all.get(3).getFailure().getReason()).isEqualTo("PICTURE_INVALID");
        assertThat(all.get(3).getFailure().getRetryable()).isFalse();
        for (int i : List.of(0, 1, 2, 4, 5, 6)) {
            Picture expected = Methods.catalogue(null, null)
                    .parse("gaussian", Preset.PAPER)
                    .run(picture(i, 24, 24), new PurificationRun(0, "person", PurificationWatch.NONE))
                    .picture();
            assertThat(read(all.get(i).getPurified())).isEqualTo(expected);
        }
    }

    @Test
    void aBatchWithoutAHeaderIsRefused() {
        var answers = new Answers();
        PurificationServiceGrpc.newStub(channel)
                .purifyBatch(answers)
                .onNext(PurifyBatchRequest.newBuilder()
                        .setPicture(dev.cloakproof.v1.Picture.getDefaultInstance())
                        .build());
        assertThat(problem(catchThrowable(answers::all)).reason()).isEqualTo(Reason.PARAMETER_INVALID);
    }

    @Test
    void anEmptyBatchEnds() throws Exception {
        var answers = new Answers();
        StreamObserver<PurifyBatchRequest> pictures =
                PurificationServiceGrpc.newStub(channel).purifyBatch(answers);
        pictures.onNext(header("jpeg"));
        pictures.onCompleted();
        assertThat(answers.all()).isEmpty();
    }

    @Test
    void theWorkStopsWhenTheDeadlinePasses() {
        long before = stopped();
        Throwable late = catchThrowable(() -> client.withDeadlineAfter(1500, TimeUnit.MILLISECONDS)
                .purify(request(PictureWriter.png(picture(4, 300, 300)), LONG, Map.of())));
        assertThat(Status.fromThrowable(late).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().until(() -> stopped() == before + 1);
    }

    @Test
    void theWorkStopsWhenTheCallerCancels() {
        long before = stopped();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Context.CancellableContext call = Context.current().withCancellation();
        call.run(() -> longCall(ended));
        await().until(() -> purifier.working() == 1);
        call.cancel(null);
        assertThat(Status.fromThrowable(ended.join()).getCode()).isEqualTo(Status.Code.CANCELLED);
        await().until(() -> stopped() == before + 1);
    }

    @Test
    void aFullQueueRefusesAndSaysWhenToComeAgain() {
        int workers = config.queue().workers();
        int capacity = config.queue().capacity();
        Context.CancellableContext calls = Context.current().withCancellation();
        List<CompletableFuture<Throwable>> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                calls.run(() -> waiting.add(longCall(new CompletableFuture<>())));
            }
            await().until(() -> purifier.working() == workers);
            for (int i = 0; i < capacity; i++) {
                calls.run(() -> waiting.add(longCall(new CompletableFuture<>())));
            }
            await().until(() -> purifications.waiting() == capacity);
            Problem full = problem(catchThrowable(
                    () -> client.purify(request(PictureWriter.png(picture(5, 16, 16)), "jpeg", Map.of()))));
            assertThat(full.reason()).isEqualTo(Reason.QUEUE_FULL);
            assertThat(full.retryDelay()).isPresent();
        } finally {
            calls.cancel(null);
        }
        waiting.forEach(ended ->
                assertThat(Status.fromThrowable(ended.join()).getCode()).isEqualTo(Status.Code.CANCELLED));
    }

    @Test
    void sixteenClientsAtOnceLoseNoCall() throws Exception {
        byte[] png = PictureWriter.png(picture(6, 64, 64));
        Picture expected = read(client.purify(request(png, "gaussian", Map.of())));
        try (var clients = Executors.newFixedThreadPool(16)) {
            List<Future<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(clients.submit(() -> {
                    int right = 0;
                    for (int call = 0; call < 25; call++) {
                        PurifyResponse response = client.purify(request(png, "gaussian", Map.of()));
                        right += read(response).equals(expected) ? 1 : 0;
                    }
                    return right;
                }));
            }
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(25);
            }
        }
    }

    @Test
    void probesAndMetricsAnswer() throws Exception {
        client.purify(request(PictureWriter.png(picture(7, 16, 16)), "jpeg", Map.of()));
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(get("/q/health/ready")).contains("\"purifier\"", "\"methods\": 5", "\"waiting\": 0");
        assertThat(get("/q/metrics"))
                .contains("purifier_images_total{outcome=\"done\",reason=\"none\"")
                .contains("job_duration_seconds_count{outcome=\"done\",service=\"purifier\"")
                .contains("jobs{service=\"purifier\",state=\"running\"")
                .contains("model_info{pack=\"\"");
    }

    /** Jobs that were begun and stopped because nobody waited: the client tells of its deadline by a cancellation too. */
    private long stopped() {
        return meters.find("job.duration").timers().stream()
                .filter(timer -> List.of("cancelled", "deadline_passed")
                        .contains(timer.getId().getTag("outcome")))
                .mapToLong(Timer::count)
                .sum();
    }

    private String get(String path) throws Exception {
        try (HttpClient probe = HttpClient.newHttpClient()) {
            return probe.send(HttpRequest.newBuilder(http.resolve(path)).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private void assertRefused(PurifyRequest request, Status.Code code, Reason reason) {
        Throwable refused = catchThrowable(() -> client.purify(request));
        assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(code);
        assertThat(problem(refused).reason()).isEqualTo(reason);
    }

    private static Problem problem(Throwable thrown) {
        return GrpcErrors.fromStatus(thrown)
                .orElseThrow(() -> new AssertionError("expected a problem of the catalogue, found " + thrown, thrown));
    }

    /** Begins a call that ends by itself only after a long time. */
    private CompletableFuture<Throwable> longCall(CompletableFuture<Throwable> ended) {
        PurificationServiceGrpc.newStub(channel)
                .purify(
                        request(PictureWriter.png(picture(8, 300, 300)), LONG, Map.of()),
                        new StreamObserver<PurifyResponse>() {
                            @Override
                            public void onNext(PurifyResponse response) {}

                            @Override
                            public void onError(Throwable failure) {
                                ended.complete(failure);
                            }

                            @Override
                            public void onCompleted() {
                                ended.completeExceptionally(new AssertionError("expected the call to fail"));
                            }
                        });
        return ended;
    }

    private static Picture read(PurifyResponse response) {
        return PictureReader.DEFAULT.read(response.getPicture().getContent().toByteArray());
    }

    private static PurifyRequest request(byte[] picture, String method, Map<String, Double> settings) {
        return PurifyRequest.newBuilder()
                .setPicture(dev.cloakproof.v1.Picture.newBuilder()
                        .setName("me.png")
                        .setContent(ByteString.copyFrom(picture)))
                .setParameters(
                        PurificationParameters.newBuilder().setMethod(method).putAllSettings(settings))
                .build();
    }

    private static PurifyBatchRequest header(String method) {
        return PurifyBatchRequest.newBuilder()
                .setHeader(PurifyBatchRequest.Header.newBuilder()
                        .setParameters(PurificationParameters.newBuilder().setMethod(method)))
                .build();
    }

    private static Picture picture(long seed, int width, int height) {
        byte[] rgb = new byte[width * height * Picture.CHANNELS];
        new Random(seed).nextBytes(rgb);
        return Picture.of(width, height, rgb);
    }

    /** The answers of a batch by index. */
    private static final class Answers implements StreamObserver<PurifyBatchResponse> {
        private final Map<Integer, PurifyBatchResponse> answers = new TreeMap<>();
        private final CompletableFuture<Map<Integer, PurifyBatchResponse>> all = new CompletableFuture<>();

        Map<Integer, PurifyBatchResponse> all() throws Exception {
            return all.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void onNext(PurifyBatchResponse answer) {
            answers.put(answer.getIndex(), answer);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            all.complete(answers);
        }
    }
}
