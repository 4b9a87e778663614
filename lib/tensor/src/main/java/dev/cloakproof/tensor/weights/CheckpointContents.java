package dev.cloakproof.tensor.weights;

import java.util.Map;

/**
 * What a format's reader found in its files.
 *
 * @param entries every tensor by full name, in the file's order
 * @param metadata whatever else was said in strings, by name
 * @param views the saved views that are not contiguous, by tensor name
 */
record CheckpointContents(
        Map<String, TensorEntry> entries, Map<String, String> metadata, Map<String, StridedView> views) {
    CheckpointContents(Map<String, TensorEntry> entries, Map<String, String> metadata) {
        this(entries, metadata, Map.of());
    }
}
