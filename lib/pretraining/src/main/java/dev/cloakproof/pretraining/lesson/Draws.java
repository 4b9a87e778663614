package dev.cloakproof.pretraining.lesson;

import dev.cloakproof.tensor.Generator;
import java.util.SplittableRandom;

/**
 * The random numbers of one step of one lesson: a function of seed, lesson and step alone, so that a training which is
 * resumed goes on with the numbers that it would have had.
 */
public final class Draws {
    private final SplittableRandom numbers;
    private final Generator tensors;

    Draws(long seed, String lesson, long step) {
        var root = new SplittableRandom(seed * 31 + lesson.hashCode());
        numbers = new SplittableRandom(root.nextLong() ^ step * 0x9e3779b97f4a7c15L);
        tensors = Generator.seeded(numbers.nextLong());
    }

    /** Numbers that belong to no step: for what is looked at, not trained on. */
    public static Draws of(long seed) {
        return new Draws(seed, "", 0);
    }

    /** Single numbers. */
    public SplittableRandom numbers() {
        return numbers;
    }

    /** Tensors of numbers. */
    public Generator tensors() {
        return tensors;
    }

    /** 0 to bound - 1. */
    public int below(int bound) {
        return numbers.nextInt(bound);
    }

    /** Even in [low, high). */
    public double between(double low, double high) {
        return low + (high - low) * numbers.nextDouble();
    }

    public boolean chance(double probability) {
        return numbers.nextDouble() < probability;
    }
}
