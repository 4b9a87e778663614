package dev.cloakproof.bench.effect;

/** What a model is trained on, and how. */
enum Condition {
    CLEAN("clean", false, false, false),
    /** Each sample up or down by the whole budget, at random: a perturbation without a purpose. */
    RANDOM("random noise", true, false, false),
    PROTECTED("protected", true, false, false),
    DECOUPLED("protected, CDL", true, false, true),
    PURIFIED("protected, purified", true, true, false),
    BOTH("protected, purified, CDL", true, true, true);

    private final String label;
    private final boolean perturbed;
    private final boolean purified;
    private final boolean decoupled;

    Condition(String label, boolean perturbed, boolean purified, boolean decoupled) {
        this.label = label;
        this.perturbed = perturbed;
        this.purified = purified;
        this.decoupled = decoupled;
    }

    String label() {
        return label;
    }

    /** Whether there is one for every budget. */
    boolean perturbed() {
        return perturbed;
    }

    boolean purified() {
        return purified;
    }

    /** Whether training and sampling use contrastive decoupling and the negative prompt. */
    boolean decoupled() {
        return decoupled;
    }
}
