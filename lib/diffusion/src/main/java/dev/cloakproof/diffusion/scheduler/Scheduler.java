package dev.cloakproof.diffusion.scheduler;

/** A sampling method with its configuration; immutable, shared by threads. */
public interface Scheduler {
    /** The scheduler that the configuration names. */
    static Scheduler of(SchedulerConfig config) {
        return switch (config.kind()) {
            case DDPM -> new DdpmScheduler(config);
            case DDIM -> new DdimScheduler(config);
            case PNDM -> new PndmScheduler(config);
            case EULER -> new EulerScheduler(config);
            case DPM_SOLVER_PLUS_PLUS_2M -> new DpmSolverScheduler(config);
        };
    }

    SchedulerConfig config();

    NoiseSchedule noise();

    /**
     * Starts one run, of one picture or a batch, from pure noise.
     *
     * @param steps from 1 to {@code config().numTrainTimesteps()}
     */
    default Trajectory begin(int steps) {
        return begin(steps, 1);
    }

    /**
     * Starts one run from a noised picture: the first {@code steps - (int) (steps * strength)} timesteps are left out.
     *
     * @param steps how many steps a run from pure noise would have
     * @param strength in (0, 1]; 1 leaves nothing out
     * @throws IllegalArgumentException if either is out of range, or nothing is left to do
     */
    Trajectory begin(int steps, double strength);
}
