package dev.cloakproof.tensor.optim;

/**
 * The constants of AdamW (Loshchilov and Hutter 2019).
 *
 * @param beta1 how much of the running mean of gradients stays, in [0, 1)
 * @param beta2 the same for the running mean of their squares
 * @param eps added to the root of the latter, above 0
 * @param weightDecay share of a parameter that a step at learning rate 1 takes away
 */
public record AdamWSettings(double beta1, double beta2, double eps, double weightDecay) {
    /** PyTorch's, and those of every DreamBooth script. */
    public static final AdamWSettings DEFAULT = new AdamWSettings(0.9, 0.999, 1e-8, 1e-2);

    public AdamWSettings {
        require(beta1 >= 0 && beta1 < 1, "beta1 in [0, 1)", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2 in [0, 1)", beta2);
        require(eps > 0 && Double.isFinite(eps), "eps above 0", eps);
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay of at least 0", weightDecay);
    }

    private static void require(boolean holds, String expected, double found) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + ", found " + found);
        }
    }
}
