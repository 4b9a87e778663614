package dev.cloakproof.sampler.sample;

import dev.cloakproof.tensor.image.Picture;

/**
 * A finished picture.
 *
 * @param promptIndex of its prompt in the spec, from 0
 * @param pictureIndex among the pictures of its prompt, from 0
 * @param seed of this picture alone
 * @param picture with the watermark
 */
public record Drawn(int promptIndex, int pictureIndex, String prompt, long seed, Picture picture) {}
