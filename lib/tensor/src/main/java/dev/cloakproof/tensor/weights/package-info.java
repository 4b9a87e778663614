/**
 * Checkpoints on disk: safetensors (single and sharded) in and out, PyTorch files (zip and legacy) in.
 *
 * <p>A checkpoint is foreign input. Nothing of it is executed, nothing is allocated on the word of a declared size, and
 * whatever is wrong with it becomes a {@link dev.cloakproof.tensor.weights.CheckpointException} that names the place.
 * Whether the numbers are finite is not looked at here.
 */
package dev.cloakproof.tensor.weights;
