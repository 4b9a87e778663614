package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;

/**
 * Ancestral sampling. With a_t the cumulative product of alphas, a_p that of the next entry of the list (1 after the
 * last), and beta = 1 - a_t / a_p:
 *
 * <pre>
 * mean = sqrt(a_p) * beta / (1 - a_t) * x_0 + sqrt(a_t / a_p) * (1 - a_p) / (1 - a_t) * x_t
 * x_p  = mean + sqrt(variance) * z
 * </pre>
 *
 * <p>with x_0 as predicted, clipped if so configured, and z standard normal, drawn where t is above 0.
 *
 * <p>Source: Ho et al. 2020, equations 7 and 15; scheduling_ddpm.py.
 */
public final class DdpmScheduler extends AbstractScheduler {
    private static final float LEAST_VARIANCE = 1e-20f;

    public DdpmScheduler(SchedulerConfig config) {
        super(config, SchedulerKind.DDPM);
    }

    /**
     * Starts a run through timesteps of the caller's choice, such as 300, 299, ..., 0.
     *
     * @param timesteps descending, within the training timesteps, at least one
     */
    public Trajectory begin(long[] timesteps) {
        if (timesteps.length == 0) {
            throw new IllegalArgumentException("timesteps: expected at least one, found none");
        }
        checkDescending(timesteps);
        return new Run(timesteps.clone());
    }

    @Override
    Trajectory start(int steps, int skipped) {
        return new Run(Arrays.copyOfRange(wholeTimesteps(steps), skipped, steps));
    }

    private final class Run extends AbstractTrajectory {
        private final long[] timesteps;

        Run(long[] timesteps) {
            super(timesteps);
            this.timesteps = timesteps;
        }

        @Override
        NoiseLevel level(int call) {
            return noise().level(timesteps[call]);
        }

        @Override
        Tensor next(int call, Tensor prediction, Tensor sample, Noise noise) {
            // float32 on purpose: where neighbours' alphas are divided, the reference's rounding is up to 1e-3 of beta
            float here = noise().alphaCumprod(timesteps[call]);
            float after = call + 1 < timesteps.length ? noise().alphaCumprod(timesteps[call + 1]) : 1;
            float alpha = here / after;
            float beta = 1 - alpha;

            Tensor original = level(call).original(config().predictionType(), prediction, sample);
            if (config().clipSample()) {
                original = original.clamp(-config().clipSampleRange(), config().clipSampleRange());
            }
            double ofOriginal = Math.sqrt(after) * beta / (1 - here);
            double ofSample = Math.sqrt(alpha) * (1 - after) / (1 - here);
            Tensor mean = original.mul(ofOriginal).add(sample, ofSample);
            if (timesteps[call] == 0) {
                return mean;
            }
            double variance =
                    switch (config().varianceType()) {
                        case FIXED_SMALL -> Math.max((1 - after) / (1 - here) * beta, LEAST_VARIANCE);
                        case FIXED_LARGE -> beta;
                    };
            return mean.add(draw(noise, sample), Math.sqrt(variance));
        }
    }
}
