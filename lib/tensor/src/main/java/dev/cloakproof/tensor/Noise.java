package dev.cloakproof.tensor;

/** Where a process takes its random numbers from. */
@FunctionalInterface
public interface Noise {
    /** Standard normal numbers, float32, on the CPU. */
    Tensor normal(long... shape);
}
