package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.trainer.train.RandomStream;

/** The random numbers of a protection: one set for each evaluation of a loss, whichever model it is of. */
final class Draws {
    private final long seed;
    private final int timesteps;
    private long used;

    Draws(long seed, int timesteps) {
        this.seed = seed;
        this.timesteps = timesteps;
    }

    /**
     * @param posterior for drawing latents
     * @param noise that the network is to find
     */
    record Draw(Tensor posterior, Tensor noise, long[] timesteps) {}

    /** @param shape of the latents (n, channels, h, w) */
    Draw next(long... shape) {
        long k = used++;
        return new Draw(
                RandomStream.POSTERIOR.at(seed, k).normal(shape),
                RandomStream.NOISE.at(seed, k).normal(shape),
                RandomStream.TIMESTEP
                        .at(seed, k)
                        .integers(0, timesteps, shape[0])
                        .toLongs());
    }
}
