package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.Generator;

/**
 * Where a run's random numbers come from. Each is drawn from a generator of its own whose seed depends on the run's
 * seed, the step and the purpose alone: a resumed run has no generator state to restore, and one purpose more changes
 * nothing for the others.
 */
public enum RandomStream {
    /** Re-draws latents from the cached distributions. */
    POSTERIOR,
    /** The noise that the network is to find. */
    NOISE,
    /** How much of it. */
    TIMESTEP,
    /** One more draw a channel, for offset noise. */
    OFFSET,
    /** The order of pictures; its step is the epoch. */
    ORDER,
    /** First values of LoRA; its step is the layer. */
    LORA,
    /** Prior pictures; its step is the picture. */
    PRIOR,
    /** The start of a perturbation inside its budget. */
    START;

    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    public Generator at(long runSeed, long step) {
        return Generator.seeded(seed(runSeed, step));
    }

    /** Two rounds of splitmix64 (Steele et al. 2014), without the sign. */
    public long seed(long runSeed, long step) {
        return mix(mix(runSeed + (ordinal() + 1) * GOLDEN_RATIO) + (step + 1) * GOLDEN_RATIO) & Long.MAX_VALUE;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
