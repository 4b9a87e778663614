package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What became of a picture that may have gone with others: it fails alone. */
public sealed interface Outcome {
    /** It was purified. */
    record Done(Delivery delivery) implements Outcome {}

    /** @param why unchecked: a problem of the catalogue, or a mistake of ours */
    record Failed(Throwable why) implements Outcome {}

    /** Why it was not purified; empty if it was. */
    default Optional<Reason> failure() {
        return switch (this) {
            case Done _ -> Optional.empty();
            case Failed(Throwable why) -> Optional.of(Problems.of(why).reason());
        };
    }

    /** @throws RuntimeException what it failed for */
    default Delivery orThrow() {
        return switch (this) {
            case Done(Delivery delivery) -> delivery;
            case Failed(RuntimeException why) -> throw why;
            case Failed(Throwable why) -> throw new CompletionException(why);
        };
    }
}
