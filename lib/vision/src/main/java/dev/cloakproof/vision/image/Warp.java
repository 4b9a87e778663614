package dev.cloakproof.vision.image;

import dev.cloakproof.tensor.image.Picture;

/**
 * OpenCV's {@code warpAffine} with linear interpolation: places are rounded to 1/32 pixel, and what lies outside of the
 * source has one colour. Source: OpenCV 4, {@code modules/imgproc/src/imgwarp.cpp}.
 */
public final class Warp {
    /** Fractional bits of the sums along a row and a column. */
    private static final int FINE = 10;
    /** Fractional bits of a place. */
    private static final int COARSE = 5;

    private static final int STEPS = 1 << COARSE;
    private static final int CHANNELS = Picture.CHANNELS;

    private Warp() {}

    /** What a target pixel is made of; {@code right} and {@code down} are weights of the later neighbours in 1/32. */
    @FunctionalInterface
    private interface Sampler {
        void sample(int target, int x, int y, int right, int down);
    }

    /**
     * @param map of the source onto the target
     * @param frame the part of the target that is made
     * @param border red, green and blue of what lies outside of the source
     */
    public static Picture picture(Picture source, AffineMap map, Frame frame, int[] border) {
        byte[] from = source.rgb();
        byte[] to = new byte[Math.multiplyExact(Math.multiplyExact(frame.width(), frame.height()), CHANNELS)];
        int width = source.width();
        int height = source.height();
        each(map, frame, (target, x, y, right, down) -> {
            for (int channel = 0; channel < CHANNELS; channel++) {
                int sum = level(from, width, height, x, y, channel, border) * (STEPS - right) * (STEPS - down)
                        + level(from, width, height, x + 1, y, channel, border) * right * (STEPS - down)
                        + level(from, width, height, x, y + 1, channel, border) * (STEPS - right) * down
                        + level(from, width, height, x + 1, y + 1, channel, border) * right * down;
                to[target * CHANNELS + channel] = (byte) ((sum + STEPS * STEPS / 2) / (STEPS * STEPS));
            }
        });
        return Picture.of(frame.width(), frame.height(), to);
    }

    private static int level(byte[] from, int width, int height, int x, int y, int channel, int[] border) {
        boolean inside = x >= 0 && y >= 0 && x < width && y < height;
        return inside ? from[(y * width + x) * CHANNELS + channel] & 0xff : border[channel];
    }

    /** As {@link #picture} with zeros outside. */
    public static Plane plane(Plane source, AffineMap map, Frame frame) {
        float[] to = new float[Math.multiplyExact(frame.width(), frame.height())];
        each(map, frame, (target, x, y, right, down) -> {
            float a = right / (float) STEPS;
            float b = down / (float) STEPS;
            to[target] = value(source, x, y) * (1 - a) * (1 - b)
                    + value(source, x + 1, y) * a * (1 - b)
                    + value(source, x, y + 1) * (1 - a) * b
                    + value(source, x + 1, y + 1) * a * b;
        });
        return new Plane(frame.width(), frame.height(), to);
    }

    private static float value(Plane source, int x, int y) {
        boolean inside = x >= 0 && y >= 0 && x < source.width() && y < source.height();
        return inside ? source.at(x, y) : 0;
    }

    private static void each(AffineMap map, Frame frame, Sampler sampler) {
        AffineMap back = map.inverse();
        double fine = 1 << FINE;
        int half = 1 << (FINE - COARSE - 1);
        long[] alongX = new long[frame.width()];
        long[] alongY = new long[frame.width()];
        for (int i = 0; i < frame.width(); i++) {
            alongX[i] = (long) Math.rint(back.xx() * (frame.left() + i) * fine);
            alongY[i] = (long) Math.rint(back.yx() * (frame.left() + i) * fine);
        }
        for (int row = 0; row < frame.height(); row++) {
            int y = frame.top() + row;
            long startX = (long) Math.rint((back.xy() * y + back.x0()) * fine) + half;
            long startY = (long) Math.rint((back.yy() * y + back.y0()) * fine) + half;
            for (int i = 0; i < frame.width(); i++) {
                long placeX = (startX + alongX[i]) >> (FINE - COARSE);
                long placeY = (startY + alongY[i]) >> (FINE - COARSE);
                sampler.sample(
                        row * frame.width() + i,
                        Math.clamp(placeX >> COARSE, Integer.MIN_VALUE / 2, Integer.MAX_VALUE / 2),
                        Math.clamp(placeY >> COARSE, Integer.MIN_VALUE / 2, Integer.MAX_VALUE / 2),
                        (int) (placeX & (STEPS - 1)),
                        (int) (placeY & (STEPS - 1)));
            }
        }
    }
}
