package dev.cloakproof.platform.limits;

import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A call in the queue or at work. */
final class Call<K, I, O> {
    final K key;
    final I input;
    /** When it arrived, in {@link System#nanoTime}. */
    final long arrived = System.nanoTime();

    final CompletableFuture<O> answer = new CompletableFuture<>();
    private final Optional<Instant> deadline;

    Call(K key, I input, Optional<Instant> deadline) {
        this.key = key;
        this.input = input;
        this.deadline = deadline;
    }

    /** Why nobody waits for the answer any more; empty if somebody does. */
    Optional<Problem> unwanted(Instant now) {
        if (answer.isCancelled()) {
            return Optional.of(Reason.CANCELLED.problem("the caller cancelled"));
        }
        return deadline.filter(end -> !now.isBefore(end))
                .map(end -> Reason.DEADLINE_PASSED
                        .problem("expected to be done by " + end + ", found it " + now)
                        .with("deadline", end));
    }

    void fail(Throwable failed) {
        answer.completeExceptionally(failed);
    }
}
