package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;

/**
 * Denoising diffusion implicit models. With p = t - T / steps (whole division) and a_p the cumulative product of alphas
 * there, or the configured last one for p below 0:
 *
 * <pre>
 * sigma = eta * sqrt((1 - a_p) / (1 - a_t) * (1 - a_t / a_p))
 * x_p   = sqrt(a_p) * x_0 + sqrt(1 - a_p - sigma^2) * eps + sigma * z
 * </pre>
 *
 * <p>x_0 is clipped if so configured; eps is not derived anew from the clipped x_0.
 *
 * <p>Source: Song et al. 2021, equations 12 and 16; scheduling_ddim.py.
 */
public final class DdimScheduler extends AbstractScheduler {
    public DdimScheduler(SchedulerConfig config) {
        super(config, SchedulerKind.DDIM);
    }

    /**
     * As {@link Scheduler#begin(int, double)}, with noise added in every step.
     *
     * @param eta from 0 (none, the default) to 1 (as much as DDPM)
     */
    public Trajectory begin(int steps, double strength, double eta) {
        if (!(eta >= 0 && eta <= 1)) {
            throw new IllegalArgumentException("eta: expected a number in [0, 1], found " + eta);
        }
        return new Run(steps, skipped(steps, strength), eta);
    }

    @Override
    Trajectory start(int steps, int skipped) {
        return new Run(steps, skipped, 0);
    }

    private final class Run extends AbstractTrajectory {
        private final long[] timesteps;
        private final int ratio;
        private final double eta;

        Run(int steps, int skipped, double eta) {
            this(Arrays.copyOfRange(wholeTimesteps(steps), skipped, steps), ratio(steps), eta);
        }

        private Run(long[] timesteps, int ratio, double eta) {
            super(timesteps);
            this.timesteps = timesteps;
            this.ratio = ratio;
            this.eta = eta;
        }

        @Override
        NoiseLevel level(int call) {
            return noise().level(timesteps[call]);
        }

        @Override
        Tensor next(int call, Tensor prediction, Tensor sample, Noise noise) {
            float here = noise().alphaCumprod(timesteps[call]);
            float after = alphaCumprodOrLast(timesteps[call] - ratio);
            // float32 on purpose, see DdpmScheduler
            float variance = (1 - after) / (1 - here) * (1 - here / after);
            double sigma = eta * Math.sqrt(variance);

            PredictionType type = config().predictionType();
            Tensor original = level(call).original(type, prediction, sample);
            Tensor eps = level(call).epsilon(type, prediction, sample);
            if (config().clipSample()) {
                original = original.clamp(-config().clipSampleRange(), config().clipSampleRange());
            }
            Tensor next = original.mul(Math.sqrt(after)).add(eps, Math.sqrt(1 - after - sigma * sigma));
            return eta > 0 ? next.add(draw(noise, sample), sigma) : next;
        }
    }
}
