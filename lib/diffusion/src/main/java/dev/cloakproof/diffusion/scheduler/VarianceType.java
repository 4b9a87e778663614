package dev.cloakproof.diffusion.scheduler;

/** The variance of the noise that DDPM adds back, the two ends of the range in Ho et al. 2020, section 3.2. */
public enum VarianceType {
    /** (1 - a_prev) / (1 - a_t) * beta_t. */
    FIXED_SMALL("fixed_small"),
    /** beta_t. */
    FIXED_LARGE("fixed_large");

    private final String key;

    VarianceType(String key) {
        this.key = key;
    }

    /** The name in scheduler_config.json. */
    public String key() {
        return key;
    }
}
