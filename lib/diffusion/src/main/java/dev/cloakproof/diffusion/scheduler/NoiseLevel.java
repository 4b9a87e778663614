package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Tensor;

/**
 * A place on the way from a clean x_0 to noise: x_t = signal * x_0 + noise * eps, the squares adding up to 1.
 *
 * @param signal the square root of the cumulative product of alphas
 * @param noise the square root of 1 - signal^2
 */
public record NoiseLevel(double signal, double noise) {
    /** @param alphaCumprod signal^2 */
    static NoiseLevel ofAlphaCumprod(float alphaCumprod) {
        return new NoiseLevel((float) Math.sqrt(alphaCumprod), (float) Math.sqrt(1 - alphaCumprod));
    }

    /** @param sigma noise / signal */
    static NoiseLevel ofSigma(double sigma) {
        double signal = 1 / Math.sqrt(sigma * sigma + 1);
        return new NoiseLevel(signal, sigma * signal);
    }

    public Tensor addNoise(Tensor original, Tensor eps) {
        return original.mul(signal).add(eps, noise);
    }

    /** The x_0 that a prediction stands for. Source: the papers at {@link PredictionType}; scheduling_ddim.py. */
    Tensor original(PredictionType type, Tensor prediction, Tensor sample) {
        return switch (type) {
            case EPSILON -> sample.add(prediction, -noise).div(signal);
            case V_PREDICTION -> sample.mul(signal).add(prediction, -noise);
            case SAMPLE -> prediction;
        };
    }

    /** The eps that a prediction stands for. */
    Tensor epsilon(PredictionType type, Tensor prediction, Tensor sample) {
        return switch (type) {
            case EPSILON -> prediction;
            case V_PREDICTION -> prediction.mul(signal).add(sample, noise);
            case SAMPLE -> sample.add(prediction, -signal).div(noise);
        };
    }
}
