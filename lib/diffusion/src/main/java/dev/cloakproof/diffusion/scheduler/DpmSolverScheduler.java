package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;

/**
 * DPM-Solver++ of second order, multistep, midpoint form. With signal and noise of each level, lambda = log(signal /
 * noise), h = lambda_next - lambda, r = (lambda - lambda_before) / h, and m the predicted originals:
 *
 * <pre>
 * first order:  x_next = noise_next / noise * x - signal_next * (exp(-h) - 1) * m
 * second order: the same with m + (m - m_before) / (2 r) in place of m
 * </pre>
 *
 * <p>The first call of a run is of first order; the last too where it ends without noise, or where the run from pure
 * noise has fewer than 15 steps and {@code lower_order_final} is set.
 *
 * <p>Source: Lu et al. 2022 (DPM-Solver++), algorithm 2; scheduling_dpmsolver_multistep.py.
 */
public final class DpmSolverScheduler extends AbstractScheduler {
    private static final int FEW_STEPS = 15;

    public DpmSolverScheduler(SchedulerConfig config) {
        super(config, SchedulerKind.DPM_SOLVER_PLUS_PLUS_2M);
    }

    @Override
    Trajectory start(int steps, int skipped) {
        double[] timesteps =
                Arrays.stream(whole(points(steps))).asDoubleStream().toArray();
        FinalSigma last = config().finalSigma();
        boolean lowerOrderLast = last == FinalSigma.ZERO || config().lowerOrderFinal() && timesteps.length < FEW_STEPS;
        return new Run(SigmaSteps.of(noise(), timesteps, skipped, last), lowerOrderLast);
    }

    /** "leading" and "linspace" are made for one step more, and the least timestep is dropped. */
    private double[] points(int steps) {
        TimestepSpacing spacing = config().timestepSpacing();
        int train = noise().timesteps();
        if (spacing == TimestepSpacing.TRAILING) {
            return spacing.points(train, steps, config().stepsOffset());
        }
        return Arrays.copyOf(spacing.points(train, steps + 1, config().stepsOffset()), steps);
    }

    private final class Run extends AbstractTrajectory {
        private final float[] sigmas;
        private final boolean lowerOrderLast;

        /** The original that the call before predicted. */
        private Tensor before;

        Run(SigmaSteps steps, boolean lowerOrderLast) {
            super(steps.timesteps());
            this.sigmas = steps.sigmas();
            this.lowerOrderLast = lowerOrderLast;
        }

        @Override
        NoiseLevel level(int call) {
            return NoiseLevel.ofSigma(sigmas[call]);
        }

        @Override
        Tensor next(int call, Tensor prediction, Tensor sample, Noise noise) {
            NoiseLevel here = level(call);
            NoiseLevel after = level(call + 1);
            Tensor original = here.original(config().predictionType(), prediction, sample);
            boolean last = call == calls() - 1;
            if (sigmas[call + 1] == 0) {
                // h is infinite, and the formula's limit is m
                return original;
            }
            double h = lambda(call + 1) - lambda(call);
            Tensor target = original;
            if (before != null && !(last && lowerOrderLast)) {
                double r = (lambda(call) - lambda(call - 1)) / h;
                target = original.mul(1 + 1 / (2 * r)).add(before, -1 / (2 * r));
            }
            Tensor next = sample.mul(after.noise() / here.noise()).add(target, -after.signal() * Math.expm1(-h));
            if (before != null) {
                before.free();
            }
            before = remember(original);
            return next;
        }

        /** log(signal / noise), which is -log(sigma). */
        private double lambda(int call) {
            return -Math.log(sigmas[call]);
        }
    }
}
