package dev.cloakproof.vision.identity;

import java.util.List;

/**
 * The shape of a VGG-Face.
 *
 * @param widths channels of the five groups of 2, 2, 3, 3 and 3 convolutions
 * @param hidden width of the two layers before the last
 * @param outputs people whom it was trained to tell apart
 */
public record VggFaceConfig(List<Integer> widths, int hidden, int outputs) {
    /** {@code vgg_face_weights.h5} of deepface. */
    public static final VggFaceConfig PUBLISHED = new VggFaceConfig(List.of(64, 128, 256, 512, 512), 4096, 2622);

    public VggFaceConfig {
        widths = List.copyOf(widths);
        if (widths.size() != 5) {
            throw new IllegalArgumentException("VGG-Face has five groups, found " + widths);
        }
    }
}
