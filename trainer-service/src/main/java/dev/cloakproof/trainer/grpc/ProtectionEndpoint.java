package dev.cloakproof.trainer.grpc;

import dev.cloakproof.service.grpc.Callers;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.trainer.jobs.JobWatch;
import dev.cloakproof.trainer.work.ProtectionMethods;
import dev.cloakproof.trainer.work.ProtectionMethods.Method;
import dev.cloakproof.trainer.work.ProtectionMethods.Setting;
import dev.cloakproof.v1.CancelProtectionRequest;
import dev.cloakproof.v1.CancelProtectionResponse;
import dev.cloakproof.v1.CreateProtectionRequest;
import dev.cloakproof.v1.CreateProtectionResponse;
import dev.cloakproof.v1.GetProtectionRequest;
import dev.cloakproof.v1.GetProtectionResponse;
import dev.cloakproof.v1.ListProtectionMethodsRequest;
import dev.cloakproof.v1.ListProtectionMethodsResponse;
import dev.cloakproof.v1.ListProtectionsRequest;
import dev.cloakproof.v1.ListProtectionsResponse;
import dev.cloakproof.v1.MethodDescription;
import dev.cloakproof.v1.ProtectionServiceGrpc;
import dev.cloakproof.v1.SettingDescription;
import dev.cloakproof.v1.WatchProtectionRequest;
import dev.cloakproof.v1.WatchProtectionResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;

/** The contract's ProtectionService. */
@GrpcService
class ProtectionEndpoint extends ProtectionServiceGrpc.ProtectionServiceImplBase {
    private final Jobs jobs;
    private final ScheduledExecutorService scheduler;

    ProtectionEndpoint(Jobs jobs, ScheduledExecutorService scheduler) {
        this.jobs = jobs;
        this.scheduler = scheduler;
    }

    @Override
    @Blocking
    public void createProtection(CreateProtectionRequest request, StreamObserver<CreateProtectionResponse> answers) {
        Calls.answer(
                answers,
                () -> CreateProtectionResponse.newBuilder()
                        .setProtection(jobs.protections()
                                .create(
                                        request.getProtection(),
                                        request.getProtection().getSubject(),
                                        request.getRequestId(),
                                        request.getValidateOnly(),
                                        Callers.current()))
                        .build());
    }

    @Override
    @Blocking
    public void getProtection(GetProtectionRequest request, StreamObserver<GetProtectionResponse> answers) {
        Calls.answer(
                answers,
                () -> GetProtectionResponse.newBuilder()
                        .setProtection(jobs.protections().store().get(request.getName()))
                        .build());
    }

    @Override
    @Blocking
    public void listProtections(ListProtectionsRequest request, StreamObserver<ListProtectionsResponse> answers) {
        Calls.answer(answers, () -> {
            var page = jobs.protections()
                    .store()
                    .list(request.getPageSize(), request.getPageToken(), request.getSubject());
            return ListProtectionsResponse.newBuilder()
                    .addAllProtections(page.jobs())
                    .setNextPageToken(page.nextToken())
                    .build();
        });
    }

    @Override
    public void watchProtection(WatchProtectionRequest request, StreamObserver<WatchProtectionResponse> answers) {
        JobWatch.begin(
                jobs.protections().store(),
                request.getName(),
                (ServerCallStreamObserver<WatchProtectionResponse>) answers,
                protection -> WatchProtectionResponse.newBuilder()
                        .setProtection(protection)
                        .build(),
                scheduler);
    }

    @Override
    @Blocking
    public void cancelProtection(CancelProtectionRequest request, StreamObserver<CancelProtectionResponse> answers) {
        Calls.answer(
                answers,
                () -> CancelProtectionResponse.newBuilder()
                        .setProtection(jobs.protections().cancel(request.getName(), Callers.current()))
                        .build());
    }

    @Override
    public void listProtectionMethods(
            ListProtectionMethodsRequest request, StreamObserver<ListProtectionMethodsResponse> answers) {
        Calls.answer(answers, () -> {
            var response = ListProtectionMethodsResponse.newBuilder();
            new TreeMap<>(ProtectionMethods.all()).values().forEach(method -> response.addMethods(description(method)));
            return response.build();
        });
    }

    private static MethodDescription description(Method method) {
        var description = MethodDescription.newBuilder()
                .setMethod(method.name())
                .setDescription(method.description())
                .setNeedsPack(true)
                .setSource(method.source());
        for (Setting setting : method.settings()) {
            description.addSettings(SettingDescription.newBuilder()
                    .setName(setting.name())
                    .setDescription(setting.meaning())
                    .setUnit(setting.unit())
                    .setMinimum(setting.least())
                    .setMaximum(setting.most())
                    .setWhole(setting.whole())
                    .putDefaults("paper", setting.paper())
                    .putDefaults("official", setting.official())
                    .putDefaults("corrected", setting.paper()));
        }
        return description.build();
    }
}
