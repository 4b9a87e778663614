package dev.cloakproof.evaluator.index;

import dev.cloakproof.platform.blob.Blob;
import java.util.List;

/** Knows the files of a personalised model. */
@FunctionalInterface
public interface ModelFiles {
    /** @return the blobs that a model's manifest names; none if the manifest is gone or cannot be read */
    List<Blob> of(Blob manifest);
}
