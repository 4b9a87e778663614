package dev.cloakproof.purifier.grpc;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Plans;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurifyBatchRequest;
import dev.cloakproof.v1.PurifyBatchRequest.PartCase;
import dev.cloakproof.v1.PurifyBatchResponse;
import dev.cloakproof.v1.PurifyResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One stream of pictures. A new message is asked for only when an earlier picture is answered, so that a long stream
 * waits at the client. Thread-safe: pictures come on gRPC's thread and answers on the queue's.
 */
final class BatchStream implements StreamObserver<PurifyBatchRequest> {
    private final ServerCallStreamObserver<PurifyBatchResponse> answers;
    private final Plans plans;
    private final Submissions submissions;
    private final Optional<Instant> deadline;
    private final int window;
    private final Map<Integer, CompletableFuture<?>> atWork = new HashMap<>();
    private Plan plan;
    private int pictures;
    private boolean allSent;
    private boolean ended;

    private BatchStream(
            ServerCallStreamObserver<PurifyBatchResponse> answers,
            Plans plans,
            Submissions submissions,
            Optional<Instant> deadline,
            int window) {
        this.answers = answers;
        this.plans = plans;
        this.submissions = submissions;
        this.deadline = deadline;
        this.window = window;
    }

    /** @param window pictures that may wait or be at work */
    static BatchStream begin(
            ServerCallStreamObserver<PurifyBatchResponse> answers,
            Plans plans,
            Submissions submissions,
            Optional<Instant> deadline,
            int window) {
        var stream = new BatchStream(answers, plans, submissions, deadline, window);
        answers.disableAutoRequest();
        answers.setOnCancelHandler(stream::end);
        answers.request(1);
        return stream;
    }

    @Override
    public synchronized void onNext(PurifyBatchRequest message) {
        if (ended) {
            return;
        }
        try {
            PartCase expected = plan == null ? PartCase.HEADER : PartCase.PICTURE;
            if (message.getPartCase() != expected) {
                throw Reason.PARAMETER_INVALID
                        .problem("expected the header first and then pictures, found " + message.getPartCase())
                        .at("part", "the header first, then pictures")
                        .exception();
            }
            if (plan == null) {
                plan = plans.of(
                        message.getHeader().getParameters(), message.getHeader().getPack());
                answers.request(window);
            } else {
                purify(pictures++, message.getPicture());
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void purify(int index, Picture picture) {
        Submission<PurifyResponse> submission;
        try {
            submission = submissions.submit(picture, plan, deadline);
        } catch (RuntimeException e) {
            answer(index, null, e);
            return;
        }
        atWork.put(index, submission.work());
        submission.answer().whenComplete((answer, failure) -> answer(index, answer, failure));
    }

    private synchronized void answer(int index, PurifyResponse purified, Throwable failure) {
        atWork.remove(index);
        if (ended) {
            return;
        }
        PurifyBatchResponse.Builder response = PurifyBatchResponse.newBuilder().setIndex(index);
        answers.onNext(
                failure == null
                        ? response.setPurified(purified).build()
                        : response.setFailure(Calls.failure(Calls.problem(failure)))
                                .build());
        if (!allSent) {
            answers.request(1);
        }
        completeIfDone();
    }

    @Override
    public synchronized void onCompleted() {
        allSent = true;
        completeIfDone();
    }

    @Override
    public void onError(Throwable broken) {
        end();
    }

    private void completeIfDone() {
        if (allSent && atWork.isEmpty() && !ended) {
            ended = true;
            answers.onCompleted();
        }
    }

    private void fail(RuntimeException e) {
        Calls.fail(answers, e);
        end();
    }

    /** Nobody waits any more. */
    private synchronized void end() {
        ended = true;
        List.copyOf(atWork.values()).forEach(work -> work.cancel(false));
    }
}
