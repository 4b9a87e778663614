package dev.cloakproof.purifier.grpc;

import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What all calls share. */
final class Calls {
    private static final Logger LOG = Logger.getLogger(Calls.class);

    private Calls() {}

    /** When the caller of the current call gives up; empty for never. */
    static Optional<Instant> deadline() {
        Deadline deadline = Context.current().getDeadline();
        return Optional.ofNullable(deadline)
                .map(end -> Instant.now().plusNanos(end.timeRemaining(TimeUnit.NANOSECONDS)));
    }

    /** Ends a call with the catalogue's problem. */
    static void fail(StreamObserver<?> answers, Throwable thrown) {
        answers.onError(GrpcErrors.toStatus(problem(thrown)));
    }

    /** The problem; one that the catalogue does not know is logged, for the caller is not told. */
    static Problem problem(Throwable thrown) {
        Problem problem = Problems.of(thrown);
        if (problem.reason() == Reason.INTERNAL) {
            LOG.error("a call failed for a reason that is not in the catalogue", thrown);
        }
        return problem;
    }
}
