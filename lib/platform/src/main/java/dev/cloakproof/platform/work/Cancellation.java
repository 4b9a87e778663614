package dev.cloakproof.platform.work;

import dev.cloakproof.platform.errors.Problem;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A request to stop one piece of work, made at most once and seen by its steps. Thread-safe. */
public final class Cancellation {
    private final AtomicReference<Problem> requested = new AtomicReference<>();

    /** Asks the work to stop; the first reason counts. */
    public void request(Problem why) {
        requested.compareAndSet(null, why);
    }

    public Optional<Problem> requested() {
        return Optional.ofNullable(requested.get());
    }

    /** Throws the reason if a stop was asked for. */
    public void check() {
        Problem why = requested.get();
        if (why != null) {
            throw why.exception();
        }
    }
}
