package dev.cloakproof.purifier.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.PurificationWatch;
import dev.cloakproof.purifier.work.Purifier;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.service.Heard;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.PngText;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.CreateUploadRequest;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.CreateUploadRequest.Role;
import dev.cloakproof.v1.CreateUploadResponse;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.UploadReceived;
import dev.cloakproof.v1.UploadServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads and their purification on a real broker and store. */
@QuarkusTest
@QuarkusTestResource(value = EventLine.class, restrictToAnnotatedClass = true)
@TestProfile(LineTest.WithoutWait.class)
class LineTest {
    /** Minutes of work, were it not stopped. */
    private static final String LONG =
            "tvm(side=256, lambda=10, gap=0.000001) | tvm(side=256, lambda=10, gap=0.000001)";

    public static final class WithoutWait implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("cloakproof.purifier.upload.settle", "0s");
        }
    }

    @Inject
    GrpcServer server;

    @Inject
    EventPublisher publisher;

    @Inject
    BlobStore blobs;

    @Inject
    StoredPictures pictures;

    @Inject
    Purifier purifier;

    @Inject
    PurifyStage stage;

    @Inject
    MeterRegistry meters;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

    @ConfigProperty(name = "cloakproof.work.folder")
    Path work;

    private ManagedChannel channel;
    private Heard<UploadReceived> uploads;
    private Heard<ImagesPurified> purified;
    private Heard<RunFailed> failures;

    @BeforeEach
    void begin() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        uploads = new Heard<>(broker, EventType.UPLOAD_RECEIVED);
        purified = new Heard<>(broker, EventType.IMAGES_PURIFIED);
        failures = new Heard<>(broker, EventType.RUN_FAILED);
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        uploads.close();
        purified.close();
        failures.close();
    }

    @Test
    void anUploadIsStoredWithoutItsMetadataAndPurified() throws IOException {
        byte[] portrait = portrait();
        Picture other = picture(1, 512, 512);
        byte[] telling = PictureWriter.png(other, Map.of("Comment", "taken at home"));
        CreateUploadResponse response =
                upload(header("gaussian"), photo("portrait.jpg", portrait), photo("other.png", telling));

        String run = response.getRun().substring("runs/".length());
        UploadReceived received = uploads.await(run).payload();
        assertThat(received.getPicturesList()).isEqualTo(response.getPicturesList());
        assertThat(received.getContext().getSubject()).isEqualTo("anna");
        assertThat(received.getContext().getAuthorization()).isEqualTo(authorization());
        byte[] kept = pictures.encoded(response.getPictures(1));
        assertThat(PngText.read(kept)).isEmpty();
        assertThat(StoredPictures.decode("", kept)).isEqualTo(other);
        assertThat(pictures.read(response.getPictures(0))).isEqualTo(StoredPictures.decode("", portrait));

        ImagesPurified done = purified.await(run).payload();
        assertThat(done.getProtectedPicturesList()).isEqualTo(response.getPicturesList());
        assertThat(done.getContext()).isEqualTo(received.getContext());
        assertThat(done.getPurifiedPictures(1).getName()).isEqualTo("other.png");
        assertThat(pictures.read(done.getPurifiedPictures(1)))
                .isEqualTo(Methods.catalogue(null, null)
                        .parse("gaussian", Preset.PAPER)
                        .run(other, new PurificationRun(0, "person", PurificationWatch.NONE))
                        .picture());
        assertThat(PngText.read(pictures.encoded(done.getPurifiedPictures(1)))).containsKey("cloakproof");
        assertThat(done.getRecord().getInputsList())
                .containsExactly(
                        response.getPictures(0).getBlob(),
                        response.getPictures(1).getBlob());
        assertThat(done.getRecord().getSeedsMap()).containsKey("purification");
        assertThat(work.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void aRepeatedUploadGivesTheSameRunAgain() {
        Header once =
                header("gaussian").setRequestId(UUID.randomUUID().toString()).build();
        CreateUploadRequest photo = photo("a.png", PictureWriter.png(picture(2, 32, 32)));
        CreateUploadResponse first = upload(once.toBuilder(), photo);
        CreateUploadResponse second = upload(once.toBuilder(), photo);
        assertThat(second).isEqualTo(first);
        String run = first.getRun().substring("runs/".length());
        purified.await(run);
        assertThat(uploads.of(run)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void onlyCheckingKeepsNothing() {
        byte[] png = PictureWriter.png(picture(3, 32, 32));
        CreateUploadResponse checked = upload(header("gaussian").setValidateOnly(true), photo("a.png", png));
        assertThat(checked.getRun()).isEmpty();
        assertThat(blobs.holds(References.blob(BlobReference.newBuilder()
                        .setSha256(Sha256.of(png))
                        .setSizeBytes(png.length)
                        .build())))
                .isFalse();
        assertThat(work.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void badUploadsAreRefusedWithTheirReason() {
        CreateUploadRequest good = photo("a.png", PictureWriter.png(picture(4, 32, 32)));
        CreateUploadRequest small = photo("b.png", PictureWriter.png(picture(5, 16, 16)));
        assertRefused(Reason.AUTHORIZATION_MISSING, header("gaussian").clearAuthorization(), good);
        assertRefused(Reason.PARAMETER_INVALID, header("gaussian").setSubject("Anna B"), good);
        assertRefused(Reason.PARAMETER_INVALID, header("gaussian").setRequestId("once"), good);
        assertRefused(Reason.PARAMETER_INVALID, header("jpeg | | jpeg"), good);
        assertRefused(Reason.METHOD_UNKNOWN, header("blur"), good);
        assertRefused(Reason.PARAMETER_INVALID, header("gaussian"), photo("../a.png", new byte[0]));
        assertRefused(Reason.UPLOAD_EMPTY, header("gaussian"));
        assertRefused(Reason.UPLOAD_EMPTY, header("gaussian"), reference(good));
        assertRefused(Reason.PICTURE_INVALID, header("gaussian"), good, photo("c.png", new byte[] {1, 2, 3}));
        Problem mixed = assertRefused(Reason.PICTURE_INVALID, header("gaussian"), good, small);
        assertThat(mixed.message())
                .isEqualTo("picture 2 (b.png): expected the size of the first picture, 32x32, found 16x16");
        assertThat(work.resolve("uploads")).isEmptyDirectory();
        // Compared with only, so of any size.
        String run = upload(header("gaussian"), good, reference(small)).getRun().substring("runs/".length());
        assertThat(uploads.await(run).payload().getContext().getReferencesCount())
                .isOne();
    }

    @Test
    void anEventThatComesTwiceIsAnsweredTwiceAlike() {
        Event<UploadReceived> upload = event("tvm(side=32, drop=0.5)", stored(picture(6, 32, 32)));
        publisher.publish(upload);
        publisher.publish(upload);
        List<Event<ImagesPurified>> answers = purified.await(upload.correlationId(), 2);
        assertThat(answers.get(1).id()).isEqualTo(answers.get(0).id());
        assertThat(answers.get(1).payload()).isEqualTo(answers.get(0).payload());
    }

    @Test
    void aRunWithoutAuthorisationOrPicturesFails() {
        Event<UploadReceived> missing = event(
                "gaussian",
                stored(picture(7, 32, 32)).toBuilder()
                        .setBlob(BlobReference.newBuilder().setSha256("0".repeat(64)))
                        .build());
        publisher.publish(missing);
        assertThat(failures.await(missing.correlationId())
                        .payload()
                        .getFailure()
                        .getReason())
                .isEqualTo("BLOB_MISSING");

        Event<UploadReceived> good = event("gaussian", stored(picture(7, 32, 32)));
        UploadReceived unauthorised = good.payload().toBuilder()
                .setContext(good.payload().getContext().toBuilder().clearAuthorization())
                .build();
        publisher.publish(new Event<>(
                good.type(),
                good.id(),
                good.source(),
                good.subject(),
                good.time(),
                good.correlationId(),
                good.causationId(),
                good.traceparent(),
                unauthorised));
        assertThat(failures.await(good.correlationId()).payload().getFailure().getReason())
                .isEqualTo("AUTHORIZATION_MISSING");
    }

    @Test
    void aRunThatWasStoppedGoesOnWithTheNextPicture() {
        PictureReference first = stored(picture(9, 32, 32));
        UploadReceived two = event("gaussian", first).payload().toBuilder()
                .addPictures(stored(picture(10, 32, 32)))
                .build();
        // Stopped when the first is done.
        Throwable stopped = catchThrowable(() -> stage.work(two, new Told(1)));
        assertThat(stopped).hasMessageContaining("SHUTTING_DOWN");
        double before = done();
        ImagesPurified purified = stage.work(two, new Told(Long.MAX_VALUE));
        assertThat(purified.getPurifiedPicturesCount()).isEqualTo(2);
        assertThat(done()).isEqualTo(before + 1);
        assertThat(pictures.read(purified.getPurifiedPictures(0))).isNotEqualTo(pictures.read(first));
    }

    private double done() {
        return meters.find("job.duration").tag("outcome", "done").timers().stream()
                .mapToDouble(timer -> timer.count())
                .sum();
    }

    /** Has the work stop once so many pictures are done. */
    private static final class Told implements WorkContext {
        private final long last;
        private long done;

        private Told(long last) {
            this.last = last;
        }

        @Override
        public void progress(long step, long totalSteps, String message, Map<String, Double> values) {
            done = step;
        }

        @Override
        public void checkCancelled() {
            if (done >= last) {
                throw Reason.SHUTTING_DOWN.problem("the test stops").exception();
            }
        }
    }

    @Test
    void aCancelledRunStopsInTheMiddleOfAPicture() {
        Event<UploadReceived> upload = event(LONG, stored(picture(8, 300, 300)));
        publisher.publish(upload);
        await().until(() -> purifier.working() > 0);
        publisher.publish(Event.first(
                EventType.RUN_CANCEL,
                UUID.randomUUID().toString(),
                "/test",
                upload.correlationId(),
                Instant.now(),
                RunCancelRequested.newBuilder().setRequestedBy("anna").build()));
        assertThat(failures.await(upload.correlationId()).payload().getFailure().getReason())
                .isEqualTo("CANCELLED");
        assertThat(purifier.working()).isZero();
    }

    private PictureReference stored(Picture picture) {
        return pictures.write("me.png", picture, PictureWriter.png(picture), WorkContext.UNWATCHED);
    }

    private static Event<UploadReceived> event(String method, PictureReference picture) {
        String run = "r-" + UUID.randomUUID();
        UploadReceived upload = UploadReceived.newBuilder()
                .setContext(RunContext.newBuilder()
                        .setRun("runs/" + run)
                        .setSubject("anna")
                        .setAuthorization(authorization())
                        .setParameters(RunParameters.newBuilder()
                                .setPurification(
                                        PurificationParameters.newBuilder().setMethod(method))))
                .addPictures(picture)
                .build();
        return Event.first(
                EventType.UPLOAD_RECEIVED, UUID.randomUUID().toString(), "/test", run, Instant.now(), upload);
    }

    private Problem assertRefused(Reason reason, Header.Builder header, CreateUploadRequest... photos) {
        Throwable refused = catchThrowable(() -> upload(header, photos));
        assertThat(refused).isInstanceOf(CompletionException.class);
        Problem problem = GrpcErrors.fromStatus(refused.getCause()).orElseThrow(() -> new AssertionError(refused));
        assertThat(problem.reason()).isEqualTo(reason);
        return problem;
    }

    private CreateUploadResponse upload(Header.Builder header, CreateUploadRequest... photos) {
        CompletableFuture<CreateUploadResponse> answer = new CompletableFuture<>();
        StreamObserver<CreateUploadRequest> messages = UploadServiceGrpc.newStub(channel)
                .createUpload(new StreamObserver<>() {
                    @Override
                    public void onNext(CreateUploadResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(new AssertionError("ended without an answer"));
                    }
                });
        messages.onNext(CreateUploadRequest.newBuilder().setHeader(header).build());
        for (CreateUploadRequest photo : photos) {
            messages.onNext(photo);
        }
        messages.onCompleted();
        return answer.join();
    }

    private static Header.Builder header(String method) {
        return Header.newBuilder()
                .setSubject("anna")
                .setAuthorization(authorization())
                .setParameters(RunParameters.newBuilder()
                        .setPurification(PurificationParameters.newBuilder().setMethod(method)));
    }

    private static AuthorizationRecord authorization() {
        return AuthorizationRecord.newBuilder()
                .setRightsHolder("Anna")
                .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
                .setReference("test")
                .setGrantTime(Timestamp.newBuilder().setSeconds(1))
                .build();
    }

    private static CreateUploadRequest photo(String name, byte[] content) {
        return CreateUploadRequest.newBuilder()
                .setUploadPicture(CreateUploadRequest.UploadPicture.newBuilder()
                        .setPicture(dev.cloakproof.v1.Picture.newBuilder()
                                .setName(name)
                                .setContent(ByteString.copyFrom(content))))
                .build();
    }

    private static CreateUploadRequest reference(CreateUploadRequest photo) {
        CreateUploadRequest.Builder other = photo.toBuilder();
        other.getUploadPictureBuilder().setRole(Role.ROLE_REFERENCE);
        return other.build();
    }

    private static byte[] portrait() throws IOException {
        try (InputStream in = LineTest.class.getResourceAsStream("/portrait.jpg")) {
            return in.readAllBytes();
        }
    }

    private static Picture picture(long seed, int width, int height) {
        byte[] rgb = new byte[width * height * Picture.CHANNELS];
        new Random(seed).nextBytes(rgb);
        return Picture.of(width, height, rgb);
    }
}
