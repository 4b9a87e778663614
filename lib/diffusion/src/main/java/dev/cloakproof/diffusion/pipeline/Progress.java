package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.tensor.Tensor;
import java.util.concurrent.CancellationException;

/** Follows a run of the network down the noise levels, and may stop it before any step. */
public interface Progress {
    Progress NONE = (_, _, _) -> {};

    /**
     * Called after each step.
     *
     * @param done steps so far, from 1 to {@code total}
     * @param latents (batch, channels, height, width), float32, valid during the call
     */
    void step(int done, int total, Tensor latents);

    /** Asked before each step; true ends the run with {@link CancellationException}. */
    default boolean cancelled() {
        return false;
    }
}
