package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import java.util.Arrays;

/**
 * Resizing as Pillow's {@code Image.resize} does it, byte for byte.
 *
 * <p>Rows first, then columns, with an 8-bit picture in between; both the order and that rounding can be seen in the
 * result. This is Pillow 3.3 to 12; from 13 on it goes columns first where the height shrinks far more than the width
 * (python-pillow/Pillow#9549), which no experiment here does. Source: Pillow 12, {@code ImagingResample} in
 * {@code src/libImaging/Resample.c} and, for nearest, {@code ImagingScaleAffine} in {@code src/libImaging/Geometry.c}.
 */
public final class Resize {
    /** What rounds a sum to the nearest level. */
    private static final int HALF = 1 << (ResampleWeights.PRECISION_BITS - 1);

    private Resize() {}

    /** The whole picture at another size. */
    public static Picture to(Picture source, int width, int height, Resampling filter) {
        return to(source, width, height, filter, Box.of(source));
    }

    /**
     * A rectangle of the picture at another size.
     *
     * @param width of the result, at least 1
     * @param height of the result, at least 1
     * @param box what part of the source becomes the result; filters look no further than the picture, but may look
     *     beyond the box
     * @throws IllegalArgumentException if a side is not positive or the box reaches out of the picture
     */
    public static Picture to(Picture source, int width, int height, Resampling filter, Box box) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("cannot resize to " + width + "x" + height);
        }
        if (box.right() > source.width() || box.bottom() > source.height()) {
            throw new IllegalArgumentException(box + " reaches out of " + source);
        }
        if (width == source.width() && height == source.height() && box.equals(Box.of(source))) {
            return source;
        }
        return filter == Resampling.NEAREST
                ? nearest(source, width, height, box)
                : filtered(source, width, height, filter, box);
    }

    private static Picture filtered(Picture source, int width, int height, Resampling filter, Box box) {
        Picture narrowed = width == source.width() && box.left() == 0 && box.right() == width
                ? source
                : rows(source, ResampleWeights.of(filter, source.width(), box.left(), box.right(), width), width);
        return height == source.height() && box.top() == 0 && box.bottom() == height
                ? narrowed
                : columns(
                        narrowed, ResampleWeights.of(filter, source.height(), box.top(), box.bottom(), height), height);
    }

    private static Picture rows(Picture source, ResampleWeights axis, int width) {
        byte[] from = source.raw();
        byte[] to = Picture.samples(width, source.height());
        int[] weights = axis.weights();
        int out = 0;
        for (int y = 0; y < source.height(); y++) {
            int row = y * source.width() * CHANNELS;
            for (int x = 0; x < width; x++) {
                int in = row + axis.first()[x] * CHANNELS;
                int begin = x * axis.stride();
                int end = begin + axis.count()[x];
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                for (int i = begin; i < end; i++) {
                    int weight = weights[i];
                    red += (from[in++] & 0xff) * weight;
                    green += (from[in++] & 0xff) * weight;
                    blue += (from[in++] & 0xff) * weight;
                }
                to[out++] = sample(red);
                to[out++] = sample(green);
                to[out++] = sample(blue);
            }
        }
        return Picture.adopt(width, source.height(), to);
    }

    private static Picture columns(Picture source, ResampleWeights axis, int height) {
        byte[] from = source.raw();
        byte[] to = Picture.samples(source.width(), height);
        int rowLength = source.width() * CHANNELS;
        // A row of sums at a time: the source is then read in the order it lies in memory.
        int[] sums = new int[rowLength];
        int out = 0;
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, HALF);
            int in = axis.first()[y] * rowLength;
            for (int i = 0; i < axis.count()[y]; i++) {
                int weight = axis.weights()[y * axis.stride() + i];
                for (int x = 0; x < rowLength; x++) {
                    sums[x] += (from[in++] & 0xff) * weight;
                }
            }
            for (int sum : sums) {
                to[out++] = sample(sum);
            }
        }
        return Picture.adopt(source.width(), height, to);
    }

    private static Picture nearest(Picture source, int width, int height, Box box) {
        int[] columns = nearest(box.left(), box.right(), width, source.width());
        int[] rows = nearest(box.top(), box.bottom(), height, source.height());
        byte[] from = source.raw();
        byte[] to = Picture.samples(width, height);
        int out = 0;
        for (int row : rows) {
            for (int column : columns) {
                int in = (row * source.width() + column) * CHANNELS;
                to[out++] = from[in];
                to[out++] = from[in + 1];
                to[out++] = from[in + 2];
            }
        }
        return Picture.adopt(width, height, to);
    }

    /** The source pixel of each target pixel. */
    private static int[] nearest(float from, float to, int targetSize, int sourceSize) {
        int[] pixels = new int[targetSize];
        double step = (to - from) / (double) targetSize;
        double position = from + step * 0.5;
        for (int target = 0; target < targetSize; target++) {
            pixels[target] = Math.min((int) position, sourceSize - 1);
            // Added up, not multiplied: Pillow's drift over long rows is part of the result.
            position += step;
        }
        return pixels;
    }

    private static byte sample(int sum) {
        return (byte) Math.clamp(sum >> ResampleWeights.PRECISION_BITS, 0, 255);
    }
}
