package dev.cloakproof.sampler.sample.watermark;

import dev.cloakproof.tensor.image.Picture;

/**
 * Numbers on the pixels of a picture.
 *
 * @param values row by row
 */
record Plane(int width, int height, double[] values) {
    /** Half the side of the neighbourhood that {@link #detail} compares a pixel with. */
    private static final int RADIUS = 4;
    /** Levels; keep a flat place from being blown up. */
    private static final double FLAT = 1.5;

    /** Rec. 601 luma, 0 to 255. */
    static Plane luma(Picture picture) {
        byte[] rgb = picture.rgb();
        double[] luma = new double[picture.width() * picture.height()];
        for (int i = 0; i < luma.length; i++) {
            luma[i] = 0.299 * (rgb[3 * i] & 0xff) + 0.587 * (rgb[3 * i + 1] & 0xff) + 0.114 * (rgb[3 * i + 2] & 0xff);
        }
        return new Plane(picture.width(), picture.height(), luma);
    }

    double at(int x, int y) {
        return values[y * width + x];
    }

    /** What differs from the surroundings, as strong in flat places as in busy ones. */
    Plane even() {
        Plane detail = detail();
        Plane activity = detail.activity();
        return detail.map((i, value) -> value / (activity.values[i] + FLAT));
    }

    /** The root of the mean square. */
    double deviation() {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    /** What a pixel differs from the mean around it. */
    Plane detail() {
        Plane mean = mean();
        return map((i, value) -> value - mean.values[i]);
    }

    /** The root of the mean square around each pixel. */
    Plane activity() {
        Plane squares = map((_, value) -> value * value).mean();
        return squares.map((_, value) -> Math.sqrt(Math.max(0, value)));
    }

    interface Change {
        double of(int index, double value);
    }

    Plane map(Change change) {
        double[] changed = new double[values.length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = change.of(i, values[i]);
        }
        return new Plane(width, height, changed);
    }

    /** Over the neighbourhood, as far as it lies inside. */
    private Plane mean() {
        double[] rows = new double[values.length];
        for (int y = 0; y < height; y++) {
            line(values, rows, y * width, 1, width);
        }
        double[] both = new double[values.length];
        for (int x = 0; x < width; x++) {
            line(rows, both, x, width, height);
        }
        return new Plane(width, height, both);
    }

    private static void line(double[] from, double[] to, int start, int stride, int length) {
        double sum = 0;
        int count = 0;
        for (int i = -RADIUS; i < length; i++) {
            if (i + RADIUS < length) {
                sum += from[start + (i + RADIUS) * stride];
                count++;
            }
            if (i - RADIUS - 1 >= 0) {
                sum -= from[start + (i - RADIUS - 1) * stride];
                count--;
            }
            if (i >= 0) {
                to[start + i * stride] = sum / count;
            }
        }
    }
}
