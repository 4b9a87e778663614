package dev.cloakproof.platform.errors;

import io.grpc.Status;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Finds the problem in whatever was thrown. */
public final class Problems {
    private Problems() {}

    /**
     * The problem behind a throwable. Wrappers of futures are looked through. What the catalogue does not know becomes
     * {@link Reason#INTERNAL} with a message that gives away nothing of the inside: the log has the trace.
     */
    public static Problem of(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        return switch (cause) {
            case CloakproofException known -> known.problem();
            case OutOfMemoryError _ ->
                Reason.MEMORY_EXHAUSTED.problem("expected memory for the request, found none left");
            case CancellationException _ -> Reason.CANCELLED.problem("the work was cancelled");
            case InterruptedException _ -> Reason.SHUTTING_DOWN.problem("the service stopped the work to shut down");
            case TimeoutException _ -> Reason.DEADLINE_PASSED.problem("the deadline passed before the work was done");
            default -> fromStatus(cause);
        };
    }

    private static Problem fromStatus(Throwable cause) {
        return switch (Status.fromThrowable(cause).getCode()) {
            case CANCELLED -> Reason.CANCELLED.problem("the caller cancelled");
            case DEADLINE_EXCEEDED -> Reason.DEADLINE_PASSED.problem("the deadline passed before the work was done");
            default -> Reason.INTERNAL.problem("an internal error; the service's log has the details");
        };
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable current = thrown;
        while ((current instanceof CompletionException || current instanceof ExecutionException)
                && current.getCause() != null) {
            current = current.getCause();
        }
        return current;
    }
}
