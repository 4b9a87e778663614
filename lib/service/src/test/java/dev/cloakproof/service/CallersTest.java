package dev.cloakproof.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.grpc.Callers;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.v1.CreateTrainingRequest;
import dev.cloakproof.v1.CreateTrainingResponse;
import dev.cloakproof.v1.GetTrainingRequest;
import dev.cloakproof.v1.GetTrainingResponse;
import dev.cloakproof.v1.ListTrainingsRequest;
import dev.cloakproof.v1.ListTrainingsResponse;
import dev.cloakproof.v1.Training;
import dev.cloakproof.v1.TrainingServiceGrpc;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that knows its callers by their tokens. */
@QuarkusTest
@TestProfile(CallersTest.Guarded.class)
class CallersTest {
    private static final String ANNA = UUID.randomUUID().toString();

    public static final class Guarded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.application.name",
                    "guarded",
                    "cloakproof.security.callers",
                    callers().toString());
        }

        private static Path callers() {
            try {
                Path folder = Files.createDirectories(Path.of("target", "callers"));
                return Files.writeString(folder.resolve("callers.json"), """
                        {"callers": [{"name": "anna", "token_sha256": "%s", "roles": ["cloakproof-view"]}]}
                        """.formatted(
                                Sha256.of(ANNA.getBytes(StandardCharsets.UTF_8))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Says who calls; a list fails in its own way, and one call throws. */
    @GrpcService
    public static class Trainings extends TrainingServiceGrpc.TrainingServiceImplBase {
        @Override
        @Blocking
        public void getTraining(GetTrainingRequest request, StreamObserver<GetTrainingResponse> answers) {
            Calls.answer(
                    answers,
                    () -> GetTrainingResponse.newBuilder()
                            .setTraining(Training.newBuilder()
                                    .setName(Callers.current().name()))
                            .build());
        }

        @Override
        public void listTrainings(ListTrainingsRequest request, StreamObserver<ListTrainingsResponse> answers) {
            throw Reason.QUEUE_FULL.problem("expected room, found none").exception();
        }

        @Override
        public void createTraining(CreateTrainingRequest request, StreamObserver<CreateTrainingResponse> answers) {
            answers.onCompleted();
        }
    }

    @Inject
    GrpcServer server;

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
    void aTokenNamesItsCaller() {
        assertThat(as(ANNA).getTraining(GetTrainingRequest.getDefaultInstance())
                        .getTraining()
                        .getName())
                .isEqualTo("anna");
    }

    @Test
    void nobodyAndAStrangerAreRefused() {
        assertRefused(
                Reason.CREDENTIALS_INVALID,
                () -> TrainingServiceGrpc.newBlockingStub(channel)
                        .getTraining(GetTrainingRequest.getDefaultInstance()));
        assertRefused(
                Reason.CREDENTIALS_INVALID, () -> as("stranger").getTraining(GetTrainingRequest.getDefaultInstance()));
    }

    @Test
    void aCallerWithoutTheRoleIsRefused() {
        Problem problem = assertRefused(
                Reason.ROLE_MISSING, () -> as(ANNA).createTraining(CreateTrainingRequest.getDefaultInstance()));
        assertThat(problem.metadata()).containsEntry("role", "cloakproof-train");
    }

    @Test
    void whatAnEndpointThrowsIsTheCataloguesProblem() {
        assertRefused(Reason.QUEUE_FULL, () -> as(ANNA).listTrainings(ListTrainingsRequest.getDefaultInstance()));
    }

    private static Problem assertRefused(Reason reason, Runnable call) {
        Throwable refused = catchThrowable(call::run);
        Problem problem = GrpcErrors.fromStatus(refused).orElseThrow(() -> new AssertionError(refused));
        assertThat(problem.reason()).isEqualTo(reason);
        return problem;
    }

    private TrainingServiceGrpc.TrainingServiceBlockingStub as(String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return TrainingServiceGrpc.newBlockingStub(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    }
}
