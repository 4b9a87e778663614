package dev.cloakproof.vision.face;

import java.util.ArrayList;
import java.util.List;

/**
 * The anchors of RetinaFace and what its offsets mean. All lengths are fractions of the picture's sides.
 *
 * @param x middle
 * @param y middle
 */
public record PriorBox(double x, double y, double width, double height) {
    private static final int[] STRIDES = {8, 16, 32};
    private static final int[][] SIDES = {{16, 32}, {64, 128}, {256, 512}};
    /** Offsets of middles and of logarithms of lengths are trained to these standard deviations. */
    private static final double MIDDLE = 0.1;

    private static final double LENGTH = 0.2;

    /** The anchors of a picture: the finest map first, row by row, both sizes of a cell side by side. */
    public static List<PriorBox> of(int width, int height) {
        List<PriorBox> boxes = new ArrayList<>();
        for (int level = 0; level < STRIDES.length; level++) {
            int stride = STRIDES[level];
            for (int row = 0; row < Math.ceilDiv(height, stride); row++) {
                for (int column = 0; column < Math.ceilDiv(width, stride); column++) {
                    for (int side : SIDES[level]) {
                        boxes.add(new PriorBox(
                                (column + 0.5) * stride / width,
                                (row + 0.5) * stride / height,
                                (double) side / width,
                                (double) side / height));
                    }
                }
            }
        }
        return boxes;
    }

    /**
     * The face that an anchor stands for, in pixels.
     *
     * @param box values of the four box offsets, from {@code boxAt} on
     * @param marks values of the ten landmark offsets, from {@code markAt} on
     */
    Face decode(float[] box, int boxAt, float[] marks, int markAt, double score, int pictureWidth, int pictureHeight) {
        double middleX = x + box[boxAt] * MIDDLE * width;
        double middleY = y + box[boxAt + 1] * MIDDLE * height;
        double halfWidth = width * Math.exp(box[boxAt + 2] * LENGTH) / 2;
        double halfHeight = height * Math.exp(box[boxAt + 3] * LENGTH) / 2;
        List<Point> landmarks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            landmarks.add(new Point(
                    (x + marks[markAt + 2 * i] * MIDDLE * width) * pictureWidth,
                    (y + marks[markAt + 2 * i + 1] * MIDDLE * height) * pictureHeight));
        }
        return new Face(
                (middleX - halfWidth) * pictureWidth,
                (middleY - halfHeight) * pictureHeight,
                (middleX + halfWidth) * pictureWidth,
                (middleY + halfHeight) * pictureHeight,
                score,
                landmarks);
    }

    /** What {@link #decode} would make this face of: the reverse of it, for training. */
    public void encode(
            Face face, float[] box, int boxAt, float[] marks, int markAt, int pictureWidth, int pictureHeight) {
        box[boxAt] = (float) ((middle(face.left(), face.right()) / pictureWidth - x) / (MIDDLE * width));
        box[boxAt + 1] = (float) ((middle(face.top(), face.bottom()) / pictureHeight - y) / (MIDDLE * height));
        box[boxAt + 2] = (float) (Math.log(face.width() / pictureWidth / width) / LENGTH);
        box[boxAt + 3] = (float) (Math.log(face.height() / pictureHeight / height) / LENGTH);
        for (int i = 0; i < 5; i++) {
            Point mark = face.landmarks().get(i);
            marks[markAt + 2 * i] = (float) ((mark.x() / pictureWidth - x) / (MIDDLE * width));
            marks[markAt + 2 * i + 1] = (float) ((mark.y() / pictureHeight - y) / (MIDDLE * height));
        }
    }

    private static double middle(double a, double b) {
        return (a + b) / 2;
    }

    /** Intersection over union with a face's box. */
    public double overlap(Face face, int pictureWidth, int pictureHeight) {
        double wide = common(x, width, face.left() / pictureWidth, face.right() / pictureWidth);
        double high = common(y, height, face.top() / pictureHeight, face.bottom() / pictureHeight);
        double both = wide * high;
        double area = face.width() / pictureWidth * face.height() / pictureHeight;
        return both / (width * height + area - both);
    }

    private static double common(double middle, double length, double from, double to) {
        return Math.max(0, Math.min(middle + length / 2, to) - Math.max(middle - length / 2, from));
    }
}
