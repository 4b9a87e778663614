package dev.cloakproof.tensor;

import ai.djl.pytorch.jni.TorchBridge;
import java.lang.ref.Cleaner;

/**
 * A stream of random numbers that belongs to one request. It draws on the CPU with PyTorch's Mersenne Twister, so that
 * a seed gives the same numbers as {@code torch.Generator("cpu").manual_seed(seed)}, whatever device computes and
 * whatever other requests run.
 */
public final class Generator implements Noise {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long seed;
    private final long value;

    private Generator(long seed) {
        this.seed = seed;
        long handle = Torch.value("generator", seed);
        this.value = handle;
        // A few kilobytes a stream: the collector's time is good enough, and callers have nothing to close.
        CLEANER.register(this, () -> TorchBridge.deleteValue(handle));
    }

    /** A new stream; {@code seed} is any 64-bit number, negative ones as PyTorch maps them. */
    public static Generator seeded(long seed) {
        return new Generator(seed);
    }

    public long seed() {
        return seed;
    }

    @Override
    public Tensor normal(long... shape) {
        return Torch.tensor("randn", shape, this);
    }

    /** Numbers uniform in [0, 1), float32, on the CPU. */
    public Tensor uniform(long... shape) {
        return Torch.tensor("rand", shape, this);
    }

    /** Whole numbers uniform in [low, high), int64, on the CPU. */
    public Tensor integers(long low, long high, long... shape) {
        return Torch.tensor("randint", low, high, shape, this);
    }

    /** The numbers 0 to n - 1 in random order, int64, on the CPU. */
    public Tensor permutation(long n) {
        return Torch.tensor("randperm", n, this);
    }

    long value() {
        return value;
    }

    @Override
    public String toString() {
        return "Generator(seed " + seed + ")";
    }
}
