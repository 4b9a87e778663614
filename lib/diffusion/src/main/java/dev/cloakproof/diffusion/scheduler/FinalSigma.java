package dev.cloakproof.diffusion.scheduler;

/** The noise level that Euler and DPM-Solver++ end at. */
public enum FinalSigma {
    /** No noise: the last step gives the predicted original. */
    ZERO("zero"),
    /** That of timestep 0. */
    SIGMA_MIN("sigma_min");

    private final String key;

    FinalSigma(String key) {
        this.key = key;
    }

    /** The name in scheduler_config.json. */
    public String key() {
        return key;
    }
}
