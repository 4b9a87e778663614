package dev.cloakproof.tensor;

/**
 * A weight and its bias.
 *
 * @param bias null where the layer has none
 */
public record Affine(Tensor weight, Tensor bias) {}
