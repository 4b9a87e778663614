package dev.cloakproof.tensor.image;

/**
 * A rectangle of source pixels, with fractions: Pillow's {@code box} of {@code Image.resize}.
 *
 * @param left the left edge, 0 is the picture's
 * @param top the upper edge, 0 is the picture's
 * @param right the right edge, greater than left
 * @param bottom the lower edge, greater than top
 */
public record Box(float left, float top, float right, float bottom) {
    public Box {
        // Written so that NaN is refused too.
        if (!(left >= 0 && top >= 0 && right > left && bottom > top)) {
            throw new IllegalArgumentException("a box is not empty and starts at 0 or later, found " + left + ", " + top
                    + ", " + right + ", " + bottom);
        }
    }

    /** All of a picture. */
    public static Box of(Picture picture) {
        return new Box(0, 0, picture.width(), picture.height());
    }
}
