package dev.cloakproof.purifier.work;

import dev.cloakproof.purifier.purify.Purified;
import dev.cloakproof.tensor.image.PictureFile;
import java.time.Duration;
import java.time.Instant;

/**
 * A purified picture and when it was made.
 *
 * @param given what came in, decoded
 * @param atWork computing time, also of the pictures that went with it, without the wait in the queue
 */
public record Delivery(Purified purified, PictureFile given, Instant begun, Instant ended, Duration atWork) {}
