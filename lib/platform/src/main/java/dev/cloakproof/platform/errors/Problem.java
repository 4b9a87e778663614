package dev.cloakproof.platform.errors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What went wrong, for people and for programs.
 *
 * @param reason the key of the catalogue
 * @param message what was expected and what was found, in one sentence
 * @param metadata the changing parts of the message by name
 * @param violations the request fields at fault; empty if no single field is
 * @param retryDelay how long to wait before a retry; only with a retryable reason
 */
public record Problem(
        Reason reason,
        String message,
        Map<String, String> metadata,
        List<Violation> violations,
        Optional<Duration> retryDelay) {

    /**
     * A request field at fault.
     *
     * @param field path of the field in the request, such as {@code parameters.settings.kernel_sigma}
     * @param description what the field should hold
     */
    public record Violation(String field, String description) {}

    public Problem {
        metadata = Map.copyOf(metadata);
        violations = List.copyOf(violations);
        if (retryDelay.isPresent() && !reason.retryable()) {
            throw new IllegalArgumentException("a retry delay with " + reason + ", which no retry mends");
        }
    }

    public static Problem of(Reason reason, String message) {
        return new Problem(reason, message, Map.of(), List.of(), Optional.empty());
    }

    /** This problem with one more changing part of its message. */
    public Problem with(String name, Object value) {
        Map<String, String> more = new TreeMap<>(metadata);
        more.put(name, String.valueOf(value));
        return new Problem(reason, message, more, violations, retryDelay);
    }

    /** This problem with one more field at fault. */
    public Problem at(String field, String description) {
        List<Violation> more = new ArrayList<>(violations);
        more.add(new Violation(field, description));
        return new Problem(reason, message, metadata, more, retryDelay);
    }

    /** This problem with the time after which a retry makes sense. */
    public Problem retryAfter(Duration delay) {
        return new Problem(reason, message, metadata, violations, Optional.of(delay));
    }

    public CloakproofException exception() {
        return new CloakproofException(this, null);
    }

    public CloakproofException exception(Throwable cause) {
        return new CloakproofException(this, cause);
    }
}
