package dev.cloakproof.diffusion.scheduler;

/** What the network predicts, for a noised x_t = signal * x_0 + noise * eps. */
public enum PredictionType {
    /** eps (Ho et al. 2020). */
    EPSILON("epsilon"),
    /** signal * eps - noise * x_0 (Salimans and Ho 2022). */
    V_PREDICTION("v_prediction"),
    /** x_0. */
    SAMPLE("sample");

    private final String key;

    PredictionType(String key) {
        this.key = key;
    }

    /** The name in scheduler_config.json. */
    public String key() {
        return key;
    }
}
