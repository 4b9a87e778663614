package dev.cloakproof.service.grpc;

import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.Failure;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What all calls share. */
public final class Calls {
    private static final Logger LOG = Logger.getLogger(Calls.class);

    private Calls() {}

    /** Answers a unary call with what is supplied, or with the problem that it throws. */
    public static <A> void answer(StreamObserver<A> answers, Supplier<A> supplied) {
        A answer;
        try {
            answer = supplied.get();
        } catch (RuntimeException | Error e) {
            fail(answers, e);
            return;
        }
        answers.onNext(answer);
        answers.onCompleted();
    }

    /** When the caller of the current call gives up; empty for never. */
    public static Optional<Instant> deadline() {
        Deadline deadline = Context.current().getDeadline();
        return Optional.ofNullable(deadline)
                .map(end -> Instant.now().plusNanos(end.timeRemaining(TimeUnit.NANOSECONDS)));
    }

    /** Ends a call with the catalogue's problem. */
    public static void fail(StreamObserver<?> answers, Throwable thrown) {
        answers.onError(GrpcErrors.toStatus(problem(thrown)));
    }

    /** The problem; one that the catalogue does not know is logged, for the caller is not told. */
    public static Problem problem(Throwable thrown) {
        Problem problem = Problems.of(thrown);
        if (problem.reason() == Reason.INTERNAL) {
            LOG.error("a call failed for a reason that is not in the catalogue", thrown);
        }
        return problem;
    }

    /** A problem as messages carry it. */
    public static Failure failure(Problem problem) {
        return Failure.newBuilder()
                .setReason(problem.reason().name())
                .setMessage(problem.message())
                .putAllMetadata(problem.metadata())
                .setRetryable(problem.reason().retryable())
                .build();
    }
}
