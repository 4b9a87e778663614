package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

/**
 * Pillow's {@code ImageFilter.GaussianBlur}, byte for byte: three box blurs in place of a Gaussian.
 *
 * <p>The radius is the standard deviation in pixels, not a kernel size: "kernel 5" of the published baselines is
 * radius 5, far stronger than a 5x5 kernel. Source: Gwosdek et al., "Theoretical foundations of Gaussian convolution
 * by extended box filtering" (2011), and Pillow, {@code src/libImaging/BoxBlur.c}.
 */
public final class GaussianBlur {
    private static final int PASSES = 3;

    /** Weights are fractions of this; a window's weights add up to it. */
    private static final int ONE = 1 << 24;

    /** Far beyond any picture's side; keeps the window's sum within 32 bits. */
    private static final float MAX_RADIUS = 1 << 16;

    private GaussianBlur() {}

    /** The picture blurred by the same standard deviation both ways, in pixels, at least 0. */
    public static Picture of(Picture source, float radius) {
        return of(source, radius, radius);
    }

    /**
     * The picture blurred.
     *
     * @param radiusX standard deviation along rows in pixels, at least 0; 0 leaves rows as they are
     * @param radiusY the same along columns
     * @throws IllegalArgumentException if a radius is negative, not a number or beyond 65536
     */
    public static Picture of(Picture source, float radiusX, float radiusY) {
        byte[] samples = source.rgb();
        int rowLength = source.width() * CHANNELS;
        float boxX = boxRadius(radiusX);
        if (boxX != 0) {
            Line line = new Line(source.width(), boxX);
            for (int y = 0; y < source.height(); y++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    line.blur(samples, y * rowLength + channel, CHANNELS);
                }
            }
        }
        float boxY = boxRadius(radiusY);
        if (boxY != 0) {
            Line line = new Line(source.height(), boxY);
            for (int x = 0; x < rowLength; x++) {
                line.blur(samples, x, rowLength);
            }
        }
        return Picture.adopt(source.width(), source.height(), samples);
    }

    /** The radius, with a fraction, of the box whose third power has this standard deviation. In float, as Pillow. */
    private static float boxRadius(float sigma) {
        if (!(sigma >= 0 && sigma <= MAX_RADIUS)) {
            throw new IllegalArgumentException("a blur's radius is 0 to " + MAX_RADIUS + ", found " + sigma);
        }
        float variance = sigma * sigma / PASSES;
        float length = (float) Math.sqrt(12.0 * variance + 1.0);
        float whole = (float) Math.floor((length - 1.0) / 2.0);
        float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        fraction /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + fraction;
    }

    /** Blurs lines of one length; holds the buffers so that a picture's lines share them. */
    private static final class Line {
        private final int size;
        private final int radius;
        private final int weight;
        private final int edgeWeight;
        private int[] from;
        private int[] to;

        Line(int size, float boxRadius) {
            this.size = size;
            this.radius = (int) boxRadius;
            this.weight = (int) (ONE / (boxRadius * 2 + 1));
            this.edgeWeight = (ONE - (radius * 2 + 1) * weight) / 2;
            this.from = new int[size];
            this.to = new int[size];
        }

        /** Blurs one channel of one row or column in place. */
        void blur(byte[] samples, int offset, int step) {
            for (int i = 0; i < size; i++) {
                from[i] = samples[offset + i * step] & 0xff;
            }
            for (int pass = 0; pass < PASSES; pass++) {
                box();
                int[] blurred = to;
                to = from;
                from = blurred;
            }
            for (int i = 0; i < size; i++) {
                samples[offset + i * step] = (byte) from[i];
            }
        }

        /**
         * One box blur: 2 * radius + 1 pixels at full weight and one more on either side at the fraction's; beyond its
         * ends the line goes on with its end pixels. The sum of the window moves along instead of being added anew.
         */
        private void box() {
            int last = size - 1;
            int sum = from[0] * (radius + 1) + from[last] * Math.max(radius - size, 0);
            for (int x = 0; x < Math.min(radius, size); x++) {
                sum += from[x];
            }
            for (int x = 0; x < size; x++) {
                int leaving = from[Math.max(x - radius - 1, 0)];
                sum += from[Math.min(x + radius, last)] - leaving;
                int fringe = leaving + from[Math.min(x + radius + 1, last)];
                // Fits 32 bits only unsigned, hence the shift that takes in no sign.
                to[x] = (sum * weight + fringe * edgeWeight + (1 << 23)) >>> 24;
            }
        }
    }
}
