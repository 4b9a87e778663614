package dev.cloakproof.trainer.train;

/**
 * Variants of the denoising loss; {@link #PLAIN} is the paper's.
 *
 * @param minSnrGamma a picture whose signal-to-noise ratio at its timestep exceeds this counts less (Hang et al. 2023);
 *     0 for none, 5 in their paper
 * @param offsetNoise share of a second noise that is constant over a channel, so that brightness is learnt; 0 for none
 */
public record LossSpec(double minSnrGamma, double offsetNoise) {
    public static final LossSpec PLAIN = new LossSpec(0, 0);

    public LossSpec {
        TrainingSpec.require(minSnrGamma >= 0 && minSnrGamma < 1e6, "minSnrGamma", "0 to 1e6", minSnrGamma);
        TrainingSpec.require(offsetNoise >= 0 && offsetNoise <= 1, "offsetNoise", "0 to 1", offsetNoise);
    }
}
