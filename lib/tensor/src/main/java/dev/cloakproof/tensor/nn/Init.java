package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;

/** How a parameter starts when a network is trained from scratch; the defaults of PyTorch's layers. */
@FunctionalInterface
public interface Init {
    Init ZEROS = (_, shape) -> Tensor.zeros(shape);
    Init ONES = (_, shape) -> Tensor.ones(shape);

    /** Makes the first values, float32. */
    Tensor draw(Generator generator, long[] shape);

    /** Uniform within 1 / sqrt(fanIn), where {@code fanIn} counts the inputs of one output. */
    static Init fanIn(long fanIn) {
        double bound = 1 / Math.sqrt(fanIn);
        return (generator, shape) -> generator.uniform(shape).mul(2 * bound).add(-bound);
    }

    /** Normal with mean 0. */
    static Init normal(double standardDeviation) {
        return (generator, shape) -> generator.normal(shape).mul(standardDeviation);
    }
}
