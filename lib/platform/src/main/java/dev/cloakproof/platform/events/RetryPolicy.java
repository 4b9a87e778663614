package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.Reason;
import io.grpc.Status;
import java.time.Duration;

/**
 * When to try again: exponential backoff with jitter.
 *
 * @param attempts tries of a record before it is given up, 1 or more
 * @param firstDelay wait after the first failure
 * @param longestDelay no wait is longer
 */
public record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay) {
    public static final RetryPolicy STANDARD = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofMinutes(1));

    /**
     * Whether a record that failed for this reason is tried again. Problems of the surroundings (a store or broker that
     * is away, another worker at the same work) are waited out: they say nothing about the record.
     *
     * @param tried tries so far, 1 or more
     */
    public boolean again(Reason reason, int tried) {
        boolean surroundings = reason.code() == Status.Code.UNAVAILABLE || reason.code() == Status.Code.ABORTED;
        return reason.retryable() && (surroundings || tried < attempts);
    }

    /**
     * The wait before the next try: between half and all of {@code firstDelay * 2^(tried - 1)}, capped.
     *
     * @param tried tries so far, 1 or more
     * @param random from 0 to 1; spreads workers that failed together
     */
    public Duration delay(int tried, double random) {
        double doubled = firstDelay.toNanos() * Math.pow(2, tried - 1);
        double capped = Math.min(doubled, longestDelay.toNanos());
        return Duration.ofNanos((long) (capped * (0.5 + random / 2)));
    }
}
