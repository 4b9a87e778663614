package dev.cloakproof.vision.image;

import java.util.Arrays;

/**
 * One value a pixel, as masks have it. Owned by whoever made it; nothing here changes its input.
 *
 * @param values (height, width)
 */
public record Plane(int width, int height, float[] values) {
    public Plane {
        if (width < 1 || height < 1 || values.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(width + "x" + height + " does not hold " + values.length + " values");
        }
    }

    public static Plane filled(int width, int height, float value) {
        float[] values = new float[Math.multiplyExact(width, height)];
        Arrays.fill(values, value);
        return new Plane(width, height, values);
    }

    public float at(int x, int y) {
        return values[y * width + x];
    }

    public double sum() {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /**
     * The least value under a square of {@code side} pixels, of which side / 2 lie left of (above) the pixel; what lies
     * outside does not count. OpenCV's {@code erode} with a kernel of ones. A side of 0 leaves the plane as it is, as a
     * side of 1 does.
     */
    public Plane eroded(int side) {
        return side < 2 ? this : erodedRows(side).transposed().erodedRows(side).transposed();
    }

    private Plane erodedRows(int side) {
        float[] least = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = Math.max(0, x - side / 2);
                int to = Math.min(width, x - side / 2 + side);
                float value = Float.POSITIVE_INFINITY;
                for (int i = from; i < to; i++) {
                    value = Math.min(value, values[y * width + i]);
                }
                least[y * width + x] = value;
            }
        }
        return new Plane(width, height, least);
    }

    /**
     * OpenCV's {@code GaussianBlur}: a cut-off kernel, and mirrored pixels beyond the edges.
     *
     * @param side of the kernel, odd
     * @param sigma standard deviation, or 0 for what OpenCV takes for the side
     */
    public Plane blurred(int side, double sigma) {
        if (side < 1 || side % 2 == 0) {
            throw new IllegalArgumentException("a kernel's side is odd, found " + side);
        }
        double deviation = sigma > 0 ? sigma : 0.3 * ((side - 1) * 0.5 - 1) + 0.8;
        double[] kernel = new double[side];
        double total = 0;
        for (int i = 0; i < side; i++) {
            double distance = i - (side - 1) / 2;
            kernel[i] = Math.exp(-distance * distance / (2 * deviation * deviation));
            total += kernel[i];
        }
        for (int i = 0; i < side; i++) {
            kernel[i] /= total;
        }
        return blurredRows(kernel).transposed().blurredRows(kernel).transposed();
    }

    private Plane blurredRows(double[] kernel) {
        int radius = kernel.length / 2;
        float[] blurred = new float[values.length];
        float[] row = new float[width + 2 * radius];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = values[y * width + mirrored(i - radius, width)];
            }
            for (int x = 0; x < width; x++) {
                double sum = 0;
                for (int i = 0; i < kernel.length; i++) {
                    sum += kernel[i] * row[x + i];
                }
                blurred[y * width + x] = (float) sum;
            }
        }
        return new Plane(width, height, blurred);
    }

    /** The edge pixel itself is not repeated. */
    private static int mirrored(int i, int size) {
        int at = i;
        while (at < 0 || at >= size) {
            if (size == 1) {
                return 0;
            }
            at = at < 0 ? -at : 2 * (size - 1) - at;
        }
        return at;
    }

    private Plane transposed() {
        float[] turned = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                turned[x * height + y] = values[y * width + x];
            }
        }
        return new Plane(height, width, turned);
    }
}
