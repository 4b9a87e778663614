package dev.cloakproof.tensor.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/**
 * A tensor whose elements do not lie in row-major order, such as a saved transpose.
 *
 * @param storage what it is a view of
 * @param offset of its first element, in elements
 * @param shape sides from the outermost
 * @param strides elements between neighbours along each side, none negative
 * @param type of the elements
 */
record StridedView(MemorySegment storage, long offset, List<Long> shape, List<Long> strides, ElementType type) {
    /**
     * The elements in row-major order. The view lies within its storage and holds at least one element; its reader has
     * seen to both.
     *
     * @param memory where the copy is made
     */
    MemorySegment gather(SegmentAllocator memory) {
        int width = type.bytes();
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        MemorySegment gathered = memory.allocate(elements * width, width);
        int rank = shape.size();
        long[] index = new long[rank];
        long source = offset;
        for (long target = 0; target < elements; target++) {
            MemorySegment.copy(storage, source * width, gathered, target * width, width);
            // Counts up like an odometer, from the innermost side.
            for (int side = rank - 1; side >= 0; side--) {
                source += strides.get(side);
                if (++index[side] < shape.get(side)) {
                    break;
                }
                source -= strides.get(side) * shape.get(side);
                index[side] = 0;
            }
        }
        return gathered.asReadOnly();
    }
}
