package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.config.PurifierConfig;
import dev.cloakproof.purifier.work.LoadedPacks;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Plans;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.v1.ListPurificationMethodsRequest;
import dev.cloakproof.v1.ListPurificationMethodsResponse;
import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.PurifyBatchRequest;
import dev.cloakproof.v1.PurifyBatchResponse;
import dev.cloakproof.v1.PurifyRequest;
import dev.cloakproof.v1.PurifyResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** The contract's PurificationService. Nothing here blocks: the work is done by the queue's thread. */
@GrpcService
class PurificationEndpoint extends PurificationServiceGrpc.PurificationServiceImplBase {
    private final Plans plans;
    private final Submissions submissions;
    private final LoadedPacks packs;
    private final int window;

    PurificationEndpoint(Plans plans, Submissions submissions, LoadedPacks packs, PurifierConfig config) {
        this.plans = plans;
        this.submissions = submissions;
        this.packs = packs;
        this.window = config.batch().window();
    }

    @Override
    public void purify(PurifyRequest request, StreamObserver<PurifyResponse> answers) {
        try {
            Plan plan = plans.of(request.getParameters(), request.getPack());
            Submission<PurifyResponse> submission = submissions.submit(request.getPicture(), plan, Calls.deadline());
            ((ServerCallStreamObserver<PurifyResponse>) answers)
                    .setOnCancelHandler(() -> submission.work().cancel(false));
            submission.answer().whenComplete((answer, failure) -> {
                if (failure == null) {
                    answers.onNext(answer);
                    answers.onCompleted();
                } else {
                    Calls.fail(answers, failure);
                }
            });
        } catch (RuntimeException e) {
            Calls.fail(answers, e);
        }
    }

    @Override
    public StreamObserver<PurifyBatchRequest> purifyBatch(StreamObserver<PurifyBatchResponse> answers) {
        return BatchStream.begin(
                (ServerCallStreamObserver<PurifyBatchResponse>) answers, plans, submissions, Calls.deadline(), window);
    }

    @Override
    public void listPurificationMethods(
            ListPurificationMethodsRequest request, StreamObserver<ListPurificationMethodsResponse> answers) {
        var response = ListPurificationMethodsResponse.newBuilder();
        packs.find("").methods().methods().forEach(method -> response.addMethods(Descriptions.of(method)));
        answers.onNext(response.build());
        answers.onCompleted();
    }
}
