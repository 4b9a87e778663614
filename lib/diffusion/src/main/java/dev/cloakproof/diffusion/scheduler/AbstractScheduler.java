package dev.cloakproof.diffusion.scheduler;

/** Holds the configuration and checks what a run asks for. */
abstract class AbstractScheduler implements Scheduler {
    private final SchedulerConfig config;
    private final NoiseSchedule noise;

    AbstractScheduler(SchedulerConfig config, SchedulerKind kind) {
        if (config.kind() != kind) {
            throw new IllegalArgumentException("expected a configuration of " + kind + ", found " + config.kind());
        }
        this.config = config;
        this.noise = NoiseSchedule.of(config);
    }

    @Override
    public final SchedulerConfig config() {
        return config;
    }

    @Override
    public final NoiseSchedule noise() {
        return noise;
    }

    @Override
    public final Trajectory begin(int steps, double strength) {
        return start(steps, skipped(steps, strength));
    }

    /** @param skipped how many timesteps are left out at the beginning, less than {@code steps} */
    abstract Trajectory start(int steps, int skipped);

    final int skipped(int steps, double strength) {
        if (steps < 1 || steps > noise.timesteps()) {
            throw new IllegalArgumentException("steps: expected 1 to " + noise.timesteps() + ", found " + steps);
        }
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException("strength: expected a number in (0, 1], found " + strength);
        }
        int left = (int) (steps * strength);
        if (left == 0) {
            throw new IllegalArgumentException("strength " + strength + " of " + steps
                    + " steps leaves nothing to do: expected at least " + 1.0 / steps);
        }
        return steps - left;
    }

    /** The distance in training timesteps between a call and the next, as DDIM and PNDM count it. */
    final int ratio(int steps) {
        return noise.timesteps() / steps;
    }

    /** The cumulative product of alphas; below timestep 0 the configured last one, for DDIM and PNDM. */
    final float alphaCumprodOrLast(long timestep) {
        if (timestep >= 0) {
            return noise.alphaCumprod(timestep);
        }
        return config.setAlphaToOne() ? 1 : noise.alphaCumprod(0);
    }

    /** The configured spacing's descending timesteps, one a step, rounded half to even. */
    final long[] wholeTimesteps(int steps) {
        return whole(config.timestepSpacing().points(noise.timesteps(), steps, config.stepsOffset()));
    }

    /** Rounds and checks that the result descends within the training timesteps. */
    final long[] whole(double[] points) {
        var timesteps = new long[points.length];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = (long) Math.rint(points[i]);
        }
        checkDescending(timesteps);
        return timesteps;
    }

    final void checkDescending(long[] timesteps) {
        for (int i = 0; i < timesteps.length; i++) {
            long above = i == 0 ? noise.timesteps() : timesteps[i - 1];
            if (timesteps[i] < 0 || timesteps[i] >= above) {
                throw new IllegalArgumentException("timesteps: expected descending ones in [0, " + noise.timesteps()
                        + "), found " + timesteps[i] + " at place " + i + " of " + timesteps.length + " ("
                        + config.timestepSpacing().key() + ", steps_offset " + config.stepsOffset() + ")");
            }
        }
    }
}
