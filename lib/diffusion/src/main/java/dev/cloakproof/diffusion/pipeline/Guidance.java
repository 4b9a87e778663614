package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.tensor.Tensor;

/**
 * Classifier-free guidance with a negative prompt (Ho and Salimans 2022): away from what the negative prompt predicts,
 * towards what the prompt predicts.
 *
 * @param scale 1 follows the prompt alone, at half the cost; below 1 makes no sense
 */
public record Guidance(double scale) {
    public Guidance {
        if (!(scale >= 1 && scale <= 1000)) {
            throw new IllegalArgumentException("guidance scale: expected 1 to 1000, found " + scale);
        }
    }

    /** As diffusers and the published code have it: negative + scale * (positive - negative). */
    public static Guidance scale(double scale) {
        return new Guidance(scale);
    }

    /** As the paper's equation 6 has it: (1 + weight) * positive - weight * negative, which is a scale of 1 + weight. */
    public static Guidance weight(double weight) {
        return new Guidance(1 + weight);
    }

    /** Whether the negative prompt matters at all. */
    public boolean guides() {
        return scale > 1;
    }

    /** @param both predictions (2 * batch, ...), those of the negative prompts first */
    Tensor apply(Tensor both) {
        var halves = both.chunk(2, 0);
        Tensor negative = halves.get(0);
        return negative.add(halves.get(1).sub(negative), scale);
    }
}
