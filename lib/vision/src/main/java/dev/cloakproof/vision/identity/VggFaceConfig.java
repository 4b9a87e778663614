package dev.cloakproof.vision.identity;

import java.util.List;

/**
 * The shape of a VGG-Face.
 *
 * @param widths channels of the five groups of 2, 2, 3, 3 and 3 convolutions
 * @param hidden width of the two layers before the last
 * @param outputs length of a face's vector: the people whom the published one was trained to tell apart
 * @param side of the picture in pixels, a multiple of 32
 * @param farthest the cosine distance, 0 to 2, up to which two faces count as one person's
 */
public record VggFaceConfig(List<Integer> widths, int hidden, int outputs, int side, double farthest) {
    /** {@code vgg_face_weights.h5} of deepface. */
    public static final VggFaceConfig PUBLISHED =
            new VggFaceConfig(List.of(64, 128, 256, 512, 512), 4096, 2622, 224, 0.40);

    /** Side of the last map, all of which the first of the last layers sees. */
    int lastSide() {
        return side / 32;
    }

    /** The same network with another decision. */
    public VggFaceConfig withFarthest(double distance) {
        return new VggFaceConfig(widths, hidden, outputs, side, distance);
    }

    public VggFaceConfig {
        widths = List.copyOf(widths);
        if (widths.size() != 5 || side % 32 != 0) {
            throw new IllegalArgumentException(
                    "VGG-Face has five groups and a side that is a multiple of 32, found " + widths + " and " + side);
        }
    }
}
