package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;

/** Enlarges a picture four times each way by diffusion. */
public interface Enlarger {
    /**
     * @param guidance scale of classifier-free guidance
     * @param noiseLevel 0 to 350
     */
    record Request(Picture picture, String prompt, int steps, double guidance, int noiseLevel, long seed) {}

    /**
     * @param progress of the steps
     * @return a picture of four times the width and height
     */
    Picture enlarge(Request request, PurificationWatch progress);
}
