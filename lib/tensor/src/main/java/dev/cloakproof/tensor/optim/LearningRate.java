package dev.cloakproof.tensor.optim;

/**
 * The learning rate of each step, as diffusers' {@code get_scheduler} has it: a linear rise over the first steps, then
 * constant, or down to zero at the last.
 *
 * @param peak the highest rate
 * @param warmupSteps steps of the rise; step 0 then has rate 0
 * @param totalSteps of the whole training
 */
public record LearningRate(Shape shape, double peak, long warmupSteps, long totalSteps) {
    /** How the rate goes on after the rise. */
    public enum Shape {
        CONSTANT,
        LINEAR,
        /** Half a cosine wave. */
        COSINE
    }

    public LearningRate {
        if (!(peak > 0) || !Double.isFinite(peak)) {
            throw new IllegalArgumentException("expected a learning rate above 0, found " + peak);
        }
        if (totalSteps < 1 || warmupSteps < 0 || warmupSteps > totalSteps) {
            throw new IllegalArgumentException(
                    "expected 0 <= warm-up <= total steps, found " + warmupSteps + " and " + totalSteps);
        }
    }

    public static LearningRate constant(double rate, long totalSteps) {
        return new LearningRate(Shape.CONSTANT, rate, 0, totalSteps);
    }

    /** @param step from 0 */
    public double at(long step) {
        if (step < warmupSteps) {
            return peak * step / warmupSteps;
        }
        double progress = Math.min(1, (step - warmupSteps) / (double) Math.max(1, totalSteps - warmupSteps));
        return peak
                * switch (shape) {
                    case CONSTANT -> 1;
                    case LINEAR -> 1 - progress;
                    case COSINE -> 0.5 * (1 + Math.cos(Math.PI * progress));
                };
    }
}
