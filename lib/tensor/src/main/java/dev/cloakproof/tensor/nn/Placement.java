package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;

/**
 * How loaded parameters are held.
 *
 * @param dtype F32 for reference numbers; BF16 or F16 for half the memory, with the errors of docs/precision.md
 * @param writable whether they will be trained: then they have memory of their own; otherwise float32 parameters on the
 *     CPU are read from the mapped file and cost nothing to load
 */
public record Placement(DType dtype, Device device, boolean writable) {
    /** Float32 on the CPU, for inference. */
    public static final Placement REFERENCE = new Placement(DType.F32, Device.CPU, false);

    public Placement {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("parameters are floating point, not " + dtype);
        }
    }

    public Placement as(DType other) {
        return new Placement(other, device, writable);
    }
}
