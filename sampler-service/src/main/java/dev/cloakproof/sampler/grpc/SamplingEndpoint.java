package dev.cloakproof.sampler.grpc;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.sampler.config.SamplerConfig;
import dev.cloakproof.sampler.work.DrawingQueue;
import dev.cloakproof.sampler.work.Plan;
import dev.cloakproof.sampler.work.Plans;
import dev.cloakproof.sampler.work.SamplingRecords;
import dev.cloakproof.service.grpc.Callers;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.service.platform.Audit;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.SampleRequest;
import dev.cloakproof.v1.SampleResponse;
import dev.cloakproof.v1.SamplingServiceGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Takes calls and hands them to the queue. */
@GrpcService
class SamplingEndpoint extends SamplingServiceGrpc.SamplingServiceImplBase {
    private final SecureRandom seeds = new SecureRandom();
    private final Authorizations authorizations;
    private final Audit audit;
    private final Plans plans;
    private final DrawingQueue queue;
    private final SamplingRecords records;
    private final SamplerConfig config;

    SamplingEndpoint(
            Authorizations authorizations,
            Audit audit,
            Plans plans,
            DrawingQueue queue,
            SamplingRecords records,
            SamplerConfig config) {
        this.authorizations = authorizations;
        this.audit = audit;
        this.plans = plans;
        this.queue = queue;
        this.records = records;
        this.config = config;
    }

    @Override
    @Blocking
    public void sample(SampleRequest request, StreamObserver<SampleResponse> answers) {
        var caller = (ServerCallStreamObserver<SampleResponse>) answers;
        try {
            Optional<Blob> model =
                    request.hasModel() ? Optional.of(References.blob(request.getModel())) : Optional.empty();
            String origin = "samplings/" + UUID.randomUUID();
            if (model.isPresent()) {
                authorizations.require(request.getAuthorization());
            }
            Plan plan = plans.of(request.getParameters(), model, request.getPack(), origin, seeds::nextLong);
            model.ifPresent(
                    used -> audit.note(Callers.current(), "sample", origin, Map.of("model_sha256", used.sha256())));

            var stream = new PictureStream(caller, plan, records, config.patience());
            var drawing = queue.submit((drawings, stillWanted) -> stream.draw(drawings, stillWanted), Calls.deadline());
            caller.setOnCancelHandler(() -> drawing.cancel(false));
            drawing.whenComplete((_, failure) -> {
                if (failure == null) {
                    caller.onCompleted();
                } else {
                    Calls.fail(caller, failure);
                }
            });
        } catch (RuntimeException e) {
            Calls.fail(caller, e);
        }
    }
}
