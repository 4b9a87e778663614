package dev.cloakproof.purifier.work;

import dev.cloakproof.purifier.purify.Chain;

/**
 * A picture to purify.
 *
 * @param noun what it shows, for prompts
 */
public record Order(Input input, Chain chain, long seed, String noun) {
    /** A picture to purify as planned. */
    public static Order of(Input input, Plan plan) {
        return new Order(
                input,
                plan.chain(),
                plan.parameters().getSeed(),
                plan.parameters().getClassNoun());
    }
}
