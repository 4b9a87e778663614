package dev.cloakproof.purifier.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.service.Heard;
import dev.cloakproof.service.Traces;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.CreateUploadRequest;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.CreateUploadRequest.UploadPicture;
import dev.cloakproof.v1.CreateUploadResponse;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.UploadServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An upload over gRPC, on a real broker, with traces. */
@QuarkusTest
@QuarkusTestResource(value = EventLine.class, restrictToAnnotatedClass = true)
@TestProfile(TracedUploadTest.Settled.class)
class TracedUploadTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    /** It settles for a moment: its run is published by a thread that knows nothing of the call. */
    public static final class Settled extends Traces.On {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("cloakproof.purifier.upload.settle", "100ms");
            return settings;
        }
    }

    @Singleton
    public static class Kept extends Traces {}

    @Inject
    GrpcServer server;

    @Inject
    Kept traces;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

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

    @Test
    void theTraceOfACallIsThatOfItsRun() {
        String run = upload("anna", "gaussian").join().getRun().substring("runs/".length());

        SpanData call = traces.await("cloakproof.v1.UploadService/CreateUpload", run);
        assertThat(call.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(call.getTraceId()).isEqualTo(TRACE);
        assertThat(call.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        SpanData settled = traces.await("settle", run);
        assertThat(settled.getParentSpanId()).isEqualTo(call.getSpanId());
        SpanData purified = traces.await("purify", run);
        assertThat(purified.getTraceId()).isEqualTo(TRACE);
        assertThat(purified.getAttributes().get(Tracing.OUTCOME)).isEqualTo("done");
        try (var done = new Heard<>(broker, EventType.IMAGES_PURIFIED)) {
            assertThat(done.await(run).traceparent().orElseThrow()).startsWith("00-" + TRACE + "-");
        }
        assertNobodyIsNamed();
    }

    @Test
    void aRefusedCallTellsNobodyWhatWasWrongWithWhat() {
        assertThatThrownBy(() -> upload("anna", "guesswork").join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("guesswork");
        await().untilAsserted(() -> assertThat(traces.ended())
                .as("%s", traces.ended())
                .extracting(span -> span.getAttributes().get(AttributeKey.longKey("rpc.grpc.status_code")))
                .contains((long) Status.Code.INVALID_ARGUMENT.value()));
        assertNobodyIsNamed();
        assertThat(traces.ended().stream().flatMap(Traces::texts)).noneMatch(text -> text.contains("guesswork"));
    }

    private void assertNobodyIsNamed() {
        assertThat(traces.ended().stream().flatMap(Traces::texts))
                .isNotEmpty()
                .noneMatch(text -> text.matches("(?i).*(anna|portrait).*"));
    }

    private CompletableFuture<CreateUploadResponse> upload(String subject, String method) {
        Metadata caller = new Metadata();
        caller.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + TRACE + "-b7ad6b7169203331-01");
        CompletableFuture<CreateUploadResponse> answer = new CompletableFuture<>();
        StreamObserver<CreateUploadRequest> messages = UploadServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(caller))
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
        messages.onNext(CreateUploadRequest.newBuilder()
                .setHeader(Header.newBuilder()
                        .setSubject(subject)
                        .setAuthorization(AuthorizationRecord.newBuilder()
                                .setRightsHolder("Anna")
                                .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
                                .setReference("test")
                                .setGrantTime(Timestamp.newBuilder().setSeconds(1)))
                        .setParameters(RunParameters.newBuilder()
                                .setPurification(
                                        PurificationParameters.newBuilder().setMethod(method))))
                .build());
        messages.onNext(CreateUploadRequest.newBuilder()
                .setUploadPicture(UploadPicture.newBuilder()
                        .setPicture(dev.cloakproof.v1.Picture.newBuilder()
                                .setName("portrait.png")
                                .setContent(ByteString.copyFrom(picture()))))
                .build());
        messages.onCompleted();
        return answer;
    }

    private static byte[] picture() {
        byte[] rgb = new byte[32 * 32 * Picture.CHANNELS];
        new Random(1).nextBytes(rgb);
        return PictureWriter.png(Picture.of(32, 32, rgb), Map.of());
    }
}
