package dev.cloakproof.vision.face;

import java.util.List;

/**
 * A face that a detector found.
 *
 * @param left edges of its box in pixels, which may lie beyond the picture's
 * @param score the detector's confidence, 0 to 1
 * @param landmarks both eyes, the nose and both corners of the mouth; left ones first, as seen in the picture
 */
public record Face(double left, double top, double right, double bottom, double score, List<Point> landmarks) {
    public Face {
        landmarks = List.copyOf(landmarks);
        if (landmarks.size() != 5) {
            throw new IllegalArgumentException("a face has 5 landmarks, found " + landmarks.size());
        }
    }

    public double width() {
        return right - left;
    }

    public double height() {
        return bottom - top;
    }

    /** The same face in a picture whose sides are {@code factor} times as long. */
    public Face scaled(double factor) {
        return new Face(
                left * factor,
                top * factor,
                right * factor,
                bottom * factor,
                score,
                landmarks.stream()
                        .map(p -> new Point(p.x() * factor, p.y() * factor))
                        .toList());
    }
}
