package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Tensor;

/**
 * How loaded parameters are held.
 *
 * @param dtype F32 for reference numbers; BF16 or F16 for half the memory, with the errors of docs/precision.md
 * @param writable whether they will be trained: then they have memory of their own; otherwise most float32
 *     parameters on the CPU are read from the mapped file and cost nothing to load
 */
public record Placement(DType dtype, Device device, boolean writable) {
    /** Float32 on the CPU, for inference. */
    public static final Placement REFERENCE = new Placement(DType.F32, Device.CPU, false);

    public Placement {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("parameters are floating point, not " + dtype);
        }
    }

    /**
     * Whether a parameter of the file is used where it lies. Kernels are not: libtorch would bring them into
     * channels-last order at every call, a twentieth of a UNet step.
     */
    boolean mapped(DType stored, long[] shape) {
        return !writable && device.isCpu() && dtype == stored && !isKernel(shape);
    }

    /**
     * Puts a parameter of the right type, on the right device, into the memory that it is used in. Trained parameters
     * keep their order: optimizers walk parameter and gradient side by side.
     */
    Tensor placed(Tensor parameter, long[] shape) {
        if (writable) {
            return parameter.copy();
        }
        return isKernel(shape) ? parameter.channelsLast() : parameter;
    }

    /** Whether {@code shape} is that of a convolution larger than 1x1. */
    private static boolean isKernel(long[] shape) {
        return shape.length == 4 && shape[2] * shape[3] > 1;
    }

    public Placement as(DType other) {
        return new Placement(other, device, writable);
    }
}
