package dev.cloakproof.sampler.sample;

/** Follows a drawing, and may end it: what its methods throw passes through. */
public interface SamplingListener {
    /** Asked before each denoising step. */
    void step(SamplingProgress progress);

    /** Told of each picture as soon as it is finished, in order. */
    void drawn(Drawn drawn);
}
