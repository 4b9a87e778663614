package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.blob.Blob;
import java.time.Instant;

/**
 * A trained model.
 *
 * @param model its manifest
 * @param curve JSON lines
 */
public record Trained(Blob model, Blob curve, Instant begun, Instant ended) {}
