package dev.cloakproof.purifier.work;

import dev.cloakproof.purifier.purify.Chain;

/**
 * A picture to purify.
 *
 * @param picture encoded
 * @param noun what it shows, for prompts
 */
public record Order(byte[] picture, Chain chain, long seed, String noun) {}
