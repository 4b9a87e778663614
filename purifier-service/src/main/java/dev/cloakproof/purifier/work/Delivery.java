package dev.cloakproof.purifier.work;

import dev.cloakproof.purifier.purify.Purified;
import java.time.Duration;
import java.time.Instant;

/**
 * A purified picture and when it was made.
 *
 * @param atWork computing time, without the wait in the queue
 */
public record Delivery(Purified purified, Instant begun, Instant ended, Duration atWork) {}
