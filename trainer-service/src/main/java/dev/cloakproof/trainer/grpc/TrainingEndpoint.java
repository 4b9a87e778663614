package dev.cloakproof.trainer.grpc;

import dev.cloakproof.service.grpc.Callers;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.trainer.jobs.JobWatch;
import dev.cloakproof.v1.CancelTrainingRequest;
import dev.cloakproof.v1.CancelTrainingResponse;
import dev.cloakproof.v1.CreateTrainingRequest;
import dev.cloakproof.v1.CreateTrainingResponse;
import dev.cloakproof.v1.GetTrainingRequest;
import dev.cloakproof.v1.GetTrainingResponse;
import dev.cloakproof.v1.ListTrainingsRequest;
import dev.cloakproof.v1.ListTrainingsResponse;
import dev.cloakproof.v1.TrainingServiceGrpc;
import dev.cloakproof.v1.WatchTrainingRequest;
import dev.cloakproof.v1.WatchTrainingResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import java.util.concurrent.ScheduledExecutorService;

/** The contract's TrainingService. */
@GrpcService
class TrainingEndpoint extends TrainingServiceGrpc.TrainingServiceImplBase {
    private final Jobs jobs;
    private final ScheduledExecutorService scheduler;

    TrainingEndpoint(Jobs jobs, ScheduledExecutorService scheduler) {
        this.jobs = jobs;
        this.scheduler = scheduler;
    }

    @Override
    @Blocking
    public void createTraining(CreateTrainingRequest request, StreamObserver<CreateTrainingResponse> answers) {
        Calls.answer(
                answers,
                () -> CreateTrainingResponse.newBuilder()
                        .setTraining(jobs.trainings()
                                .create(
                                        request.getTraining(),
                                        request.getTraining().getSubject(),
                                        request.getRequestId(),
                                        request.getValidateOnly(),
                                        Callers.current()))
                        .build());
    }

    @Override
    @Blocking
    public void getTraining(GetTrainingRequest request, StreamObserver<GetTrainingResponse> answers) {
        Calls.answer(
                answers,
                () -> GetTrainingResponse.newBuilder()
                        .setTraining(jobs.trainings().store().get(request.getName()))
                        .build());
    }

    @Override
    @Blocking
    public void listTrainings(ListTrainingsRequest request, StreamObserver<ListTrainingsResponse> answers) {
        Calls.answer(answers, () -> {
            var page =
                    jobs.trainings().store().list(request.getPageSize(), request.getPageToken(), request.getSubject());
            return ListTrainingsResponse.newBuilder()
                    .addAllTrainings(page.jobs())
                    .setNextPageToken(page.nextToken())
                    .build();
        });
    }

    @Override
    public void watchTraining(WatchTrainingRequest request, StreamObserver<WatchTrainingResponse> answers) {
        JobWatch.begin(
                jobs.trainings().store(),
                request.getName(),
                (ServerCallStreamObserver<WatchTrainingResponse>) answers,
                training ->
                        WatchTrainingResponse.newBuilder().setTraining(training).build(),
                scheduler);
    }

    @Override
    @Blocking
    public void cancelTraining(CancelTrainingRequest request, StreamObserver<CancelTrainingResponse> answers) {
        Calls.answer(
                answers,
                () -> CancelTrainingResponse.newBuilder()
                        .setTraining(jobs.trainings().cancel(request.getName(), Callers.current()))
                        .build());
    }
}
