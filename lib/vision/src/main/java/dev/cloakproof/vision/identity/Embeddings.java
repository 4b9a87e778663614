package dev.cloakproof.vision.identity;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Arithmetic of face embeddings, in double. */
public final class Embeddings {
    private Embeddings() {}

    /**
     * The cosine of the angle between two vectors, -1 to 1.
     *
     * @throws IllegalArgumentException if lengths differ, or a vector is zero or not finite
     */
    public static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("embeddings of " + a.length + " and " + b.length + " values");
        }
        return Math.clamp(dot(a, b) / (length(a) * length(b)), -1, 1);
    }

    /** The vector of length 1 in the same direction. */
    public static float[] unit(float[] a) {
        double length = length(a);
        float[] result = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (float) (a[i] / length);
        }
        return result;
    }

    /** The rows of a matrix (rows, width). */
    static List<float[]> rows(float[] values, int rows) {
        int width = values.length / rows;
        return IntStream.range(0, rows)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toList();
    }

    private static double length(float[] a) {
        double length = Math.sqrt(dot(a, a));
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new IllegalArgumentException("an embedding is zero or not finite");
        }
        return length;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
