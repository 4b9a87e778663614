package dev.cloakproof.portraits;

import dev.cloakproof.tensor.image.Picture;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Turns a painter of points into an anti-aliased picture: the mean of a grid of points in every pixel. */
public final class Canvas {
    /** The smallest side in pixels. */
    public static final int SMALLEST = 16;

    /** The largest side in pixels. */
    public static final int LARGEST = 1024;

    private Canvas() {}

    /** The colour of a point; written to by a painter, then read. */
    public static final class Paint {
        public float red;
        public float green;
        public float blue;
        /** What the point belongs to, for painters that tell: 0 to 31. */
        public int part;

        /** Replaces the colour. */
        public void set(Colour colour) {
            red = colour.red();
            green = colour.green();
            blue = colour.blue();
        }

        /** Lays a colour over the one there, with a coverage of 0 to 1. */
        public void over(Colour colour, float coverage) {
            red += (colour.red() - red) * coverage;
            green += (colour.green() - green) * coverage;
            blue += (colour.blue() - blue) * coverage;
        }

        /** Multiplies the colour. */
        public void times(float factor) {
            red *= factor;
            green *= factor;
            blue *= factor;
        }
    }

    /** Tells the colour of a point of the picture, whose sides are 1: (0, 0) is the upper left corner. */
    @FunctionalInterface
    public interface Painter {
        void paint(float x, float y, Paint paint);
    }

    /**
     * What came out.
     *
     * @param picture the picture
     * @param parts for every pixel in rows, the part that most of its points belong to
     */
    public record Painted(Picture picture, byte[] parts) {}

    /**
     * Paints a square picture.
     *
     * @param size the side in pixels, {@link #SMALLEST} to {@link #LARGEST}
     * @throws IllegalArgumentException if the size is out of range
     */
    public static Painted paint(int size, Painter painter) {
        if (size < SMALLEST || size > LARGEST) {
            throw new IllegalArgumentException("a side is " + SMALLEST + " to " + LARGEST + " pixels, found " + size);
        }
        // A pixel of a small picture covers more of the scene, so it looks at more points of it.
        int grid = size < 96 ? 3 : 2;
        float step = 1f / (size * grid);
        byte[] rgb = new byte[size * size * Picture.CHANNELS];
        byte[] parts = new byte[size * size];
        // Of four points, the two across from each other first.
        int[] points = grid == 2
                ? new int[] {0, 3, 1, 2}
                : IntStream.range(0, grid * grid).toArray();
        var paint = new Paint();
        var pixel = new Pixel();
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                pixel.begin();
                for (int i = 0; i < points.length; i++) {
                    float x = (column * grid + points[i] % grid + 0.5f) * step;
                    float y = (row * grid + points[i] / grid + 0.5f) * step;
                    painter.paint(x, y, paint);
                    pixel.add(paint);
                    if (i == 1 && grid == 2 && pixel.even()) {
                        break;
                    }
                }
                int at = row * size + column;
                parts[at] = (byte) pixel.part();
                rgb[at * 3] = pixel.level(pixel.red);
                rgb[at * 3 + 1] = pixel.level(pixel.green);
                rgb[at * 3 + 2] = pixel.level(pixel.blue);
            }
        }
        return new Painted(Picture.of(size, size, rgb), parts);
    }

    /** The points of a pixel, gathered. */
    private static final class Pixel {
        /** Two points that differ by less, in levels from 0 to 1, are taken for all. */
        private static final float EVEN = 0.02f;

        private final int[] votes = new int[32];
        private int count;
        private float red;
        private float green;
        private float blue;
        private float firstRed;
        private float firstGreen;
        private float firstBlue;

        void begin() {
            Arrays.fill(votes, 0);
            count = 0;
            red = 0;
            green = 0;
            blue = 0;
        }

        void add(Paint paint) {
            if (count == 0) {
                firstRed = paint.red;
                firstGreen = paint.green;
                firstBlue = paint.blue;
            }
            red += clamp(paint.red);
            green += clamp(paint.green);
            blue += clamp(paint.blue);
            votes[paint.part]++;
            count++;
        }

        /** Whether the first two points, which lie across from each other, are alike. */
        boolean even() {
            return Math.abs(red - 2 * firstRed) < EVEN
                    && Math.abs(green - 2 * firstGreen) < EVEN
                    && Math.abs(blue - 2 * firstBlue) < EVEN;
        }

        int part() {
            int winner = 0;
            for (int i = 1; i < votes.length; i++) {
                if (votes[i] > votes[winner]) {
                    winner = i;
                }
            }
            return winner;
        }

        byte level(float sum) {
            return (byte) (int) (sum * 255 / count + 0.5f);
        }

        private static float clamp(float level) {
            return level < 0 ? 0 : Math.min(level, 1);
        }
    }
}
