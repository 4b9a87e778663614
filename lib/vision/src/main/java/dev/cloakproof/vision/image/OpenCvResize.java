package dev.cloakproof.vision.image;

import dev.cloakproof.tensor.image.Picture;

/**
 * OpenCV's resizing of 8-bit pictures. Unlike Pillow's, its linear filter does not widen when it shrinks (every fourth
 * pixel of a picture brought to a quarter counts), so the published face pipelines shrink with {@link #area}. Source:
 * OpenCV 4, {@code modules/imgproc/src/resize.cpp}.
 */
public final class OpenCvResize {
    private static final int CHANNELS = Picture.CHANNELS;
    /** Weights along a row are fractions of this. */
    private static final int ONE = 1 << 11;

    private OpenCvResize() {}

    /** INTER_LINEAR: between the two nearest pixels each way. */
    public static Picture linear(Picture source, int width, int height) {
        if (width == source.width() && height == source.height()) {
            return source;
        }
        var columns = Neighbours.of(source.width(), width, true);
        var rows = Neighbours.of(source.height(), height, false);
        byte[] from = source.rgb();
        byte[] to = new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)];
        int length = width * CHANNELS;
        int[] upper = new int[length];
        int[] lower = new int[length];
        for (int y = 0; y < height; y++) {
            along(from, rows.first[y] * source.width() * CHANNELS, columns, upper);
            along(from, rows.second[y] * source.width() * CHANNELS, columns, lower);
            int below = rows.weight[y];
            int above = ONE - below;
            for (int x = 0; x < length; x++) {
                // Rounded in two steps, as the original's 16-bit arithmetic needs it.
                int sum = ((above * (upper[x] >> 4)) >> 16) + ((below * (lower[x] >> 4)) >> 16);
                to[y * length + x] = (byte) Math.clamp((sum + 2) >> 2, 0, 255);
            }
        }
        return Picture.of(width, height, to);
    }

    private static void along(byte[] from, int row, Neighbours columns, int[] sums) {
        for (int x = 0; x < columns.first.length; x++) {
            int left = row + columns.first[x] * CHANNELS;
            int right = row + columns.second[x] * CHANNELS;
            int weight = columns.weight[x];
            for (int channel = 0; channel < CHANNELS; channel++) {
                sums[x * CHANNELS + channel] =
                        (from[left + channel] & 0xff) * (ONE - weight) + (from[right + channel] & 0xff) * weight;
            }
        }
    }

    /** The two source pixels beside each target pixel and the second's weight. */
    private record Neighbours(int[] first, int[] second, int[] weight) {
        /** @param whole whether the edge pixel beyond the edge counts once, or as two equal ones with their roundings */
        static Neighbours of(int source, int target, boolean whole) {
            var result = new Neighbours(new int[target], new int[target], new int[target]);
            double scale = 1 / ((double) target / source);
            for (int i = 0; i < target; i++) {
                float place = (float) ((i + 0.5) * scale - 0.5);
                int left = (int) Math.floor(place);
                float part = place - left;
                if (whole && (left < 0 || left >= source - 1)) {
                    part = 0;
                }
                result.first[i] = Math.clamp(left, 0, source - 1);
                result.second[i] = Math.clamp(left + 1, 0, source - 1);
                result.weight[i] = (int) Math.rint(part * ONE);
            }
            return result;
        }
    }

    /**
     * INTER_AREA: the mean of the source pixels under a target pixel, those at its border by the part that is under it.
     *
     * @throws IllegalArgumentException if a side grows
     */
    public static Picture area(Picture source, int width, int height) {
        if (width > source.width() || height > source.height()) {
            throw new IllegalArgumentException("area resizing shrinks, not " + source + " to " + width + "x" + height);
        }
        if (width == source.width() && height == source.height()) {
            return source;
        }
        byte[] from = source.rgb();
        byte[] to = new byte[width * height * CHANNELS];
        double scaleX = (double) source.width() / width;
        double scaleY = (double) source.height() / height;
        double[] sums = new double[width * CHANNELS];
        for (int y = 0; y < height; y++) {
            java.util.Arrays.fill(sums, 0);
            double top = y * scaleY;
            double bottom = Math.min((y + 1) * scaleY, source.height());
            for (int row = (int) top; row < bottom; row++) {
                double rowWeight = Math.min(row + 1, bottom) - Math.max(row, top);
                for (int x = 0; x < width; x++) {
                    double left = x * scaleX;
                    double right = Math.min((x + 1) * scaleX, source.width());
                    for (int column = (int) left; column < right; column++) {
                        double weight = rowWeight * (Math.min(column + 1, right) - Math.max(column, left));
                        int pixel = (row * source.width() + column) * CHANNELS;
                        for (int channel = 0; channel < CHANNELS; channel++) {
                            sums[x * CHANNELS + channel] += weight * (from[pixel + channel] & 0xff);
                        }
                    }
                }
            }
            for (int i = 0; i < sums.length; i++) {
                to[y * sums.length + i] = (byte) Math.clamp(Math.rint(sums[i] / (scaleX * scaleY)), 0, 255);
            }
        }
        return Picture.of(width, height, to);
    }
}
