package dev.cloakproof.tensor.weights;

import java.util.List;
import java.util.OptionalLong;

/** The size of tensors whose shapes come from a file, so may be anything. */
final class TensorSize {
    private TensorSize() {}

    /**
     * The number of elements; empty if a side is negative or the product of the sides passes 63 bits. A zero side does
     * not excuse the others: their product must fit all the same, as the reference demands.
     */
    static OptionalLong elements(List<Long> shape) {
        long elements = 1;
        boolean none = false;
        for (long side : shape) {
            none |= side == 0;
            long factor = Math.max(side, 1);
            if (side < 0 || Math.multiplyHigh(elements, factor) != 0 || elements * factor < 0) {
                return OptionalLong.empty();
            }
            elements *= factor;
        }
        return OptionalLong.of(none ? 0 : elements);
    }

    /** The number of bytes, with the same limits. */
    static OptionalLong bytes(ElementType type, List<Long> shape) {
        OptionalLong elements = elements(shape);
        return elements.isPresent() && elements.getAsLong() <= Long.MAX_VALUE / type.bytes()
                ? OptionalLong.of(elements.getAsLong() * type.bytes())
                : OptionalLong.empty();
    }
}
