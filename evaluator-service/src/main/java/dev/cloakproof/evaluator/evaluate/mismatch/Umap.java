package dev.cloakproof.evaluator.evaluate.mismatch;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * UMAP with exact neighbours (McInnes et al. 2018), minimal distance 0.1, from the singular value decomposition.
 *
 * @param neighbours how many count; brought down where there are fewer points
 */
public record Umap(int neighbours) implements Projection {
    /** The curve 1 / (1 + a d^2b) that fits a minimal distance of 0.1. */
    static final double A = 1.5769434603113077;

    static final double B = 0.8950608779109733;
    private static final int EPOCHS = 500;
    private static final int NEGATIVES = 5;
    private static final double FURTHEST_STEP = 4;

    public Umap {
        if (neighbours < 2) {
            throw new IllegalArgumentException("neighbours are at least 2, found " + neighbours);
        }
    }

    @Override
    public double[][] project(double[][] points, long seed) {
        int n = points.length;
        double[][] graph = graph(Distances.squared(points), Math.min(neighbours, n));
        double[][] plane = start(points, seed);
        var random = new SplittableRandom(seed);
        double strongest = 0;
        for (double[] row : graph) {
            strongest = Math.max(strongest, Arrays.stream(row).max().orElse(0));
        }
        double[][] due = new double[n][n];
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            double rate = 1 - (double) epoch / EPOCHS;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    // An edge acts as often as its weight says.
                    due[i][j] += graph[i][j] / strongest;
                    if (i != j && due[i][j] >= 1) {
                        due[i][j] -= 1;
                        attract(plane[i], plane[j], rate);
                        for (int k = 0; k < NEGATIVES; k++) {
                            repel(plane[i], plane[random.nextInt(n)], rate);
                        }
                    }
                }
            }
        }
        return plane;
    }

    private static double[][] start(double[][] points, long seed) {
        double[][] plane = new TruncatedSvd().project(points, seed);
        for (int d = 0; d < 2; d++) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (double[] row : plane) {
                least = Math.min(least, row[d]);
                most = Math.max(most, row[d]);
            }
            for (double[] row : plane) {
                row[d] = most > least ? 10 * (row[d] - least) / (most - least) : 0;
            }
        }
        return plane;
    }

    /** How surely two points are neighbours, seen from either. */
    static double[][] graph(double[][] squared, int neighbours) {
        int n = squared.length;
        double[][] one = new double[n][n];
        for (int i = 0; i < n; i++) {
            double[] distances = new double[n];
            for (int j = 0; j < n; j++) {
                distances[j] = j == i ? 0 : Math.sqrt(squared[i][j]);
            }
            double[] sorted = distances.clone();
            Arrays.sort(sorted);
            double reach = sorted[neighbours - 1];
            double nearest =
                    Arrays.stream(sorted).filter(d -> d > 0).findFirst().orElse(0);
            double width = width(sorted, neighbours, nearest);
            for (int j = 0; j < n; j++) {
                if (j != i && distances[j] <= reach) {
                    one[i][j] = distances[j] <= nearest ? 1 : Math.exp(-(distances[j] - nearest) / width);
                }
            }
        }
        double[][] both = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                both[i][j] = one[i][j] + one[j][i] - one[i][j] * one[j][i];
            }
        }
        return both;
    }

    /** The width at which a point has log2(neighbours) neighbours in all. */
    private static double width(double[] sorted, int neighbours, double nearest) {
        double wanted = Math.log(neighbours) / Math.log(2);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double width = 1;
        for (int trial = 0; trial < 64; trial++) {
            double sum = 0;
            for (int k = 1; k < neighbours; k++) {
                sum += sorted[k] <= nearest ? 1 : Math.exp(-(sorted[k] - nearest) / width);
            }
            if (Math.abs(sum - wanted) < 1e-5) {
                break;
            }
            if (sum > wanted) {
                high = width;
                width = (low + high) / 2;
            } else {
                low = width;
                width = Double.isInfinite(high) ? 2 * width : (low + high) / 2;
            }
        }
        return Math.max(width, 1e-6);
    }

    private static void attract(double[] a, double[] b, double rate) {
        double squared = squared(a, b);
        if (squared > 0) {
            double force = -2 * A * B * Math.pow(squared, B - 1) / (1 + A * Math.pow(squared, B));
            for (int d = 0; d < 2; d++) {
                double step = rate * limited(force * (a[d] - b[d]));
                a[d] += step;
                b[d] -= step;
            }
        }
    }

    private static void repel(double[] a, double[] b, double rate) {
        double squared = squared(a, b);
        if (squared > 0) {
            double force = 2 * B / ((0.001 + squared) * (1 + A * Math.pow(squared, B)));
            for (int d = 0; d < 2; d++) {
                a[d] += rate * limited(force * (a[d] - b[d]));
            }
        }
    }

    private static double limited(double step) {
        return Math.clamp(step, -FURTHEST_STEP, FURTHEST_STEP);
    }

    private static double squared(double[] a, double[] b) {
        return Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2);
    }
}
