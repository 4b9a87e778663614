package dev.cloakproof.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.PurifyRequest;
import dev.cloakproof.v1.PurifyResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final PurifyRequest REQUEST = PurifyRequest.newBuilder()
            .setPicture(Picture.newBuilder().setContent(ByteString.copyFromUtf8("picture")))
            .build();

    @Test
    void everyCallIsCountedByHowItEnded() throws Exception {
        Server server = moody();
        try (Load load = new Load(server.getPort(), 3, REQUEST)) {
            Outcome outcome = load.calls(30, _ -> 30_000);

            assertThat(outcome.answered()).isEqualTo(25);
            assertThat(outcome.failures()).isEqualTo(Map.of(Load.failure(Status.Code.RESOURCE_EXHAUSTED, 30_000), 5));
            assertThat(outcome.millis(0.5)).isPositive().isLessThanOrEqualTo(outcome.millis(0.99));
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void aCallThatTheServerForgetsEndsByItsDeadline() throws Exception {
        Server server = server((_, _) -> {});
        try (Load load = new Load(server.getPort(), 3, REQUEST)) {
            Outcome outcome = load.calls(6, _ -> 100);

            assertThat(outcome.answered()).isZero();
            assertThat(outcome.failures()).isEqualTo(Map.of(Load.failure(Status.Code.DEADLINE_EXCEEDED, 100), 6));
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void theEchoSendsThePictureBack() throws Exception {
        Server server = EchoServer.start(0);
        try (Load load = new Load(server.getPort(), 2, REQUEST)) {
            Outcome outcome = load.calls(20, _ -> 30_000);

            assertThat(outcome.answered()).isEqualTo(20);
            assertThat(outcome.failures()).isEmpty();
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void sharesAreOfTheAnsweredCalls() {
        Outcome outcome = new Outcome(new long[] {4_000_000, 1_000_000, 3_000_000, 2_000_000}, Map.of("X", 6), 2);

        assertThat(outcome.millis(0.5)).isEqualTo(2);
        assertThat(outcome.millis(0.99)).isEqualTo(4);
        assertThat(outcome.callsPerSecond()).isEqualTo(2);
        assertThat(new Outcome(new long[0], Map.of(), 1).millis(0.5)).isNaN();
    }

    @Test
    void theServersCountsAreReadFromItsMetrics() {
        ServerCounts counts = ServerCounts.of("""
                # TYPE grpc_server_processing_duration_seconds summary
                grpc_server_processing_duration_seconds_count{method="Purify",methodType="UNARY",service="p",statusCode="OK"} 18001.0
                grpc_server_processing_duration_seconds_count{method="Purify",methodType="UNARY",service="p",statusCode="CANCELLED"} 1.9E3
                grpc_server_processing_duration_seconds_count{method="PurifyBatch",methodType="UNARY",service="p",statusCode="OK"} 7.0
                grpc_server_processing_duration_seconds_sum{method="Purify",methodType="UNARY",service="p",statusCode="OK"} 5.0
                """);

        assertThat(counts.byStatus()).isEqualTo(Map.of("OK", 18001, "CANCELLED", 1900));
        assertThat(counts.ended()).isEqualTo(19901);
    }

    /** Refuses every sixth call. */
    private static Server moody() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        return server((request, answers) -> {
            if (calls.getAndIncrement() % 6 == 5) {
                answers.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                return;
            }
            answers.onNext(
                    PurifyResponse.newBuilder().setPicture(request.getPicture()).build());
            answers.onCompleted();
        });
    }

    private static Server server(BiConsumer<PurifyRequest, StreamObserver<PurifyResponse>> answering) throws Exception {
        return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new PurificationServiceGrpc.PurificationServiceImplBase() {
                    @Override
                    public void purify(PurifyRequest request, StreamObserver<PurifyResponse> answers) {
                        answering.accept(request, answers);
                    }
                })
                .build()
                .start();
    }
}
