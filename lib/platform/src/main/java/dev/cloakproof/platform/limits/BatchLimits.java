package dev.cloakproof.platform.limits;

import java.time.Duration;

/**
 * Limits of a {@link Batcher}.
 *
 * @param capacity calls that may wait, 1 or more; the next one is refused
 * @param maxBatch calls handled together at most, 1 or more
 * @param maxWait how long the first call of a batch waits for company, 0 or more
 */
public record BatchLimits(int capacity, int maxBatch, Duration maxWait) {
    public BatchLimits {
        if (capacity < 1 || maxBatch < 1 || maxWait.isNegative()) {
            throw new IllegalArgumentException("expected a capacity and a batch of 1 or more and a wait of 0 or more, "
                    + "found " + capacity + ", " + maxBatch + " and " + maxWait);
        }
    }
}
