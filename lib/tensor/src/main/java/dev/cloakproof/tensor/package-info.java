/** Tensors, scopes and ops on libtorch. */
package dev.cloakproof.tensor;
