package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/** Enlarges pictures four times each way by diffusion. */
public interface Enlarger {
    /**
     * A small picture.
     *
     * @param seed of its noise, which is its own: the result does not depend on others of the batch
     */
    record Small(Picture picture, String prompt, long seed) {}

    /**
     * @param pictures of one size
     * @param guidance scale of classifier-free guidance
     * @param noiseLevel 0 to 350
     */
    record Request(List<Small> pictures, int steps, double guidance, int noiseLevel) {
        public Request {
            pictures = List.copyOf(pictures);
        }
    }

    /**
     * @param progress of the steps
     * @return pictures of four times the width and height, in order
     */
    List<Picture> enlarge(Request request, PurificationWatch progress);
}
