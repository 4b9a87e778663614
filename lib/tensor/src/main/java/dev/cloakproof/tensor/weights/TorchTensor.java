package dev.cloakproof.tensor.weights;

import java.util.List;

/**
 * A tensor as a pickle describes it; nothing of it has been checked against its storage.
 *
 * @param storage what it is a view of
 * @param type of its elements
 * @param offset of its first element, in elements
 * @param shape sides from the outermost
 * @param strides elements between neighbours along each side
 */
record TorchTensor(TorchStorage storage, ElementType type, long offset, List<Long> shape, List<Long> strides) {
    /** Whether the elements lie in row-major order without gaps. The stride of a side of 1 says nothing. */
    boolean contiguous() {
        long expected = 1;
        for (int side = shape.size() - 1; side >= 0; side--) {
            if (shape.get(side) != 1 && strides.get(side) != expected) {
                return false;
            }
            expected *= shape.get(side);
        }
        return true;
    }
}
