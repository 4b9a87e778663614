package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Pseudo numerical methods, the linear multistep form that Stable Diffusion publishes as its default (PLMS): each
 * prediction is extrapolated with up to three before it, then
 *
 * <pre>
 * x_p = sqrt(a_p / a_t) * x_t - (a_p - a_t) * eps / (a_t * sqrt(1 - a_p) + sqrt(a_t * (1 - a_t) * a_p))
 * </pre>
 *
 * <p>The second timestep is called twice, so that the first step is taken a second time with the mean of the
 * predictions at both its ends; with two or more steps there is one call more than steps. v is converted to eps after
 * the extrapolation, with the latents and timestep that the transfer starts from.
 *
 * <p>Source: Liu et al. 2022, equations 9 and 12; scheduling_pndm.py with skip_prk_steps.
 */
public final class PndmScheduler extends AbstractScheduler {
    /** Adams-Bashforth weights by how many predictions there are, the latest first. */
    private static final double[][] WEIGHTS = {
        {1}, {3 / 2.0, -1 / 2.0}, {23 / 12.0, -16 / 12.0, 5 / 12.0}, {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0},
    };

    public PndmScheduler(SchedulerConfig config) {
        super(config, SchedulerKind.PNDM);
    }

    @Override
    Trajectory start(int steps, int skipped) {
        long[] calls = repeatSecond(wholeTimesteps(steps));
        return new Run(Arrays.copyOfRange(calls, skipped, calls.length), ratio(steps));
    }

    private static long[] repeatSecond(long[] timesteps) {
        if (timesteps.length == 1) {
            return timesteps;
        }
        var calls = new long[timesteps.length + 1];
        System.arraycopy(timesteps, 0, calls, 0, 2);
        System.arraycopy(timesteps, 1, calls, 2, timesteps.length - 1);
        return calls;
    }

    private final class Run extends AbstractTrajectory {
        private final long[] timesteps;
        private final int ratio;

        /** Up to three predictions, the latest first. */
        private final Deque<Tensor> earlier = new ArrayDeque<>();

        /** The latents that call 0 got, until call 1 starts from them again. */
        private Tensor first;

        Run(long[] timesteps, int ratio) {
            super(timesteps);
            this.timesteps = timesteps;
            this.ratio = ratio;
        }

        @Override
        NoiseLevel level(int call) {
            return noise().level(timesteps[call]);
        }

        @Override
        Tensor next(int call, Tensor prediction, Tensor sample, Noise noise) {
            long timestep = timesteps[call];
            if (call == 1) {
                Tensor mean = prediction.add(earlier.getFirst()).div(2);
                Tensor next = transfer(mean, first, timestep + ratio, timestep);
                first.free();
                return next;
            }
            Tensor next = transfer(extrapolate(prediction), sample, timestep, timestep - ratio);
            if (call == 0) {
                first = remember(sample);
            }
            earlier.addFirst(remember(prediction));
            if (earlier.size() == WEIGHTS.length) {
                earlier.removeLast().free();
            }
            return next;
        }

        private Tensor extrapolate(Tensor prediction) {
            double[] weights = WEIGHTS[earlier.size()];
            Tensor sum = prediction.mul(weights[0]);
            int term = 1;
            for (Tensor before : earlier) {
                sum = sum.add(before, weights[term++]);
            }
            return sum;
        }

        /** From timestep {@code from} down to {@code to}, which may be below 0. */
        private Tensor transfer(Tensor prediction, Tensor sample, long from, long to) {
            Tensor eps = noise().level(from).epsilon(config().predictionType(), prediction, sample);
            double here = noise().alphaCumprod(from);
            double after = alphaCumprodOrLast(to);
            double denominator = here * Math.sqrt(1 - after) + Math.sqrt(here * (1 - here) * after);
            return sample.mul(Math.sqrt(after / here)).add(eps, -(after - here) / denominator);
        }
    }
}
