package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Tensor;

/**
 * Euler steps in sigma, the noise over signal. Latents are x_0 + sigma * eps; the network gets them divided by
 * sqrt(sigma^2 + 1), and
 *
 * <pre>
 * x_next = x + (sigma_next - sigma) * eps
 * </pre>
 *
 * <p>With "linspace" spacing the timesteps are fractions, rounded to float32.
 *
 * <p>Source: Karras et al. 2022, algorithm 2 without churn; scheduling_euler_discrete.py.
 */
public final class EulerScheduler extends AbstractScheduler {
    public EulerScheduler(SchedulerConfig config) {
        super(config, SchedulerKind.EULER);
    }

    @Override
    Trajectory start(int steps, int skipped) {
        double[] timesteps = config().timestepSpacing().points(noise().timesteps(), steps, config().stepsOffset());
        whole(timesteps);
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = (float) timesteps[i];
        }
        double largest = SigmaSteps.interpolate(noise(), timesteps[0]);
        double initial =
                config().timestepSpacing() == TimestepSpacing.LEADING ? Math.sqrt(largest * largest + 1) : largest;
        return new Run(SigmaSteps.of(noise(), timesteps, skipped, config().finalSigma()), initial);
    }

    private final class Run extends AbstractTrajectory {
        private final float[] sigmas;
        private final double initialNoise;

        Run(SigmaSteps steps, double initialNoise) {
            super(steps.timesteps());
            this.sigmas = steps.sigmas();
            this.initialNoise = initialNoise;
        }

        @Override
        NoiseLevel level(int call) {
            return NoiseLevel.ofSigma(sigmas[call]);
        }

        @Override
        public double initialNoise() {
            return initialNoise;
        }

        @Override
        public Tensor scale(int call, Tensor sample) {
            return sample.mul(level(call).signal());
        }

        @Override
        public Tensor addNoise(Tensor original, Tensor noise) {
            requireSameShape("noise", noise, original);
            return original.add(noise, sigmas[0]);
        }

        @Override
        Tensor next(int call, Tensor prediction, Tensor sample, Noise noise) {
            Tensor eps = level(call).epsilon(config().predictionType(), prediction, scale(call, sample));
            return sample.add(eps, (double) sigmas[call + 1] - sigmas[call]);
        }
    }
}
