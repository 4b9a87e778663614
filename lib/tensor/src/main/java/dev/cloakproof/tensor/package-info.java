/**
 * Tensors on libtorch through DJL: {@link dev.cloakproof.tensor.Tensor} and
 * {@link dev.cloakproof.tensor.Functions} compute, {@link dev.cloakproof.tensor.Scope} frees,
 * {@link dev.cloakproof.tensor.Autograd} differentiates, {@link dev.cloakproof.tensor.Generator} draws.
 */
package dev.cloakproof.tensor;
