package dev.cloakproof.bench.effect;

/** What a model is trained on, and how. */
enum Condition {
    CLEAN("clean", false, false, false, false),
    /** Each sample up or down by the whole budget, at random: a perturbation without a purpose. */
    RANDOM("random noise", true, false, false, false),
    PROTECTED("protected", true, false, false, false),
    DECOUPLED("protected, CDL", true, false, true, true),
    DECOUPLED_BARE("protected, CDL, no suffix", true, false, true, false),
    PURIFIED("protected, purified", true, true, false, false),
    BOTH("protected, purified, CDL", true, true, true, true),
    BOTH_BARE("protected, purified, CDL, no suffix", true, true, true, false);

    private final String label;
    private final boolean perturbed;
    private final boolean purified;
    private final boolean decoupled;
    private final boolean suffix;

    Condition(String label, boolean perturbed, boolean purified, boolean decoupled, boolean suffix) {
        this.label = label;
        this.perturbed = perturbed;
        this.purified = purified;
        this.decoupled = decoupled;
        this.suffix = suffix;
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

    /** Whether training uses contrastive decoupling, and sampling the negative prompt. */
    boolean decoupled() {
        return decoupled;
    }

    /** Whether what is asked for ends in "without" the noise token, as the paper has it. */
    boolean suffix() {
        return suffix;
    }

    /** Whether one training serves both. */
    boolean trainedAs(Condition other) {
        return perturbed == other.perturbed
                && purified == other.purified
                && decoupled == other.decoupled
                && (this == RANDOM) == (other == RANDOM);
    }
}
