package dev.cloakproof.platform.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.v1.EvaluationServiceGrpc;
import dev.cloakproof.v1.ListMetricsRequest;
import dev.cloakproof.v1.ListMetricsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Problems travel over a real gRPC connection and come out as they went in. */
class GrpcErrorsTest {
    private volatile Throwable thrown;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new EvaluationServiceGrpc.EvaluationServiceImplBase() {
                    @Override
                    public void listMetrics(ListMetricsRequest request, StreamObserver<ListMetricsResponse> answer) {
                        answer.onError(GrpcErrors.toStatus(thrown));
                    }
                })
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonArrivesWithItsCode(Reason reason) {
        StatusRuntimeException status = call(reason.problem("found nothing").exception());

        assertThat(status.getStatus().getCode()).isEqualTo(reason.code());
        assertThat(GrpcErrors.fromStatus(status).orElseThrow().reason()).isEqualTo(reason);
    }

    @Test
    void messageMetadataFieldsAndRetryDelayArrive() {
        Problem problem = Reason.QUEUE_FULL
                .problem("expected room in the queue, found 64 of 64 taken")
                .with("capacity", 64)
                .at("picture", "one at a time")
                .retryAfter(Duration.ofMillis(1500));

        StatusRuntimeException status = call(new CompletionException(problem.exception()));

        assertThat(GrpcErrors.fromStatus(status)).contains(problem);
    }

    @Test
    void unknownThrowablesGiveNothingAway() {
        StatusRuntimeException status = call(new IllegalStateException("password=1234"));

        assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getMessage()).doesNotContain("1234");
    }

    @Test
    void aStatusOfAnotherServerIsNotOurs() {
        assertThat(GrpcErrors.fromStatus(Status.UNAVAILABLE.asRuntimeException()))
                .isEmpty();
    }

    private StatusRuntimeException call(Throwable onServer) {
        thrown = onServer;
        var stub = EvaluationServiceGrpc.newBlockingStub(channel);
        return catchThrowableOfType(
                StatusRuntimeException.class, () -> stub.listMetrics(ListMetricsRequest.getDefaultInstance()));
    }
}
