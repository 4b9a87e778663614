package dev.cloakproof.tensor.weights;

import java.util.List;
import java.util.Optional;

/**
 * One tensor of a checkpoint.
 *
 * @param name its full name, such as {@code params_ema.encoder.blocks.0.weight}
 * @param type of its elements
 * @param shape sides from the outermost; empty for a scalar
 * @param stored where its elements stand in a file, row-major, contiguous, little endian. Not aligned to the element's
 *     size in general. Empty for a view saved with other strides (a transpose): those bytes exist in no file, only
 *     {@link Checkpoint#bytes} gives them.
 */
public record TensorEntry(String name, ElementType type, List<Long> shape, Optional<FileRange> stored) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** The number of elements: 1 for a scalar, 0 if a side is 0. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** The bytes of all its elements. */
    public long byteLength() {
        return Math.multiplyExact(elements(), type.bytes());
    }
}
