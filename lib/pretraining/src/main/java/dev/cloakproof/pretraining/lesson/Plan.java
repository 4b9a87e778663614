package dev.cloakproof.pretraining.lesson;

import dev.cloakproof.tensor.optim.AdamWSettings;
import dev.cloakproof.tensor.optim.LearningRate;

/**
 * How a lesson is taught.
 *
 * @param rate its shape and the number of steps
 * @param averageDecay of the moving average of the parameters that is kept; 0 keeps the last parameters
 * @param clip largest global norm of the gradient
 */
public record Plan(LearningRate rate, AdamWSettings optimizer, double averageDecay, double clip) {

    /** A cosine down to zero after a short rise. */
    public static Plan cosine(double peak, long steps, double averageDecay) {
        long rise = Math.min(200, steps / 10);
        return new Plan(
                new LearningRate(LearningRate.Shape.COSINE, peak, rise, steps),
                new AdamWSettings(0.9, 0.99, 1e-8, 1e-2),
                averageDecay,
                1.0);
    }

    public long steps() {
        return rate.totalSteps();
    }
}
