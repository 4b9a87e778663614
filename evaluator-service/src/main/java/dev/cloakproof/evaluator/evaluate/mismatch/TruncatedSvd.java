package dev.cloakproof.evaluator.evaluate.mismatch;

import java.util.SplittableRandom;

/**
 * The first two coordinates of the singular value decomposition, not centred, found by orthogonal iteration with a few
 * vectors more than needed (Halko et al. 2011). The sign of each is that of its largest coordinate's.
 */
public final class TruncatedSvd implements Projection {
    private static final int SPARE = 6;
    private static final int ITERATIONS = 300;

    @Override
    public double[][] project(double[][] points, long seed) {
        int n = points.length;
        int kept = Math.min(2 + SPARE, n);
        double[][] basis = new double[kept][n];
        var random = new SplittableRandom(seed);
        for (double[] vector : basis) {
            for (int i = 0; i < n; i++) {
                vector[i] = random.nextGaussian();
            }
        }
        double[] lengths = new double[kept];
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            for (int k = 0; k < kept; k++) {
                basis[k] = throughGram(points, basis[k]);
            }
            orthonormalise(basis, lengths);
        }
        double[][] plane = new double[n][2];
        for (int k = 0; k < Math.min(2, kept); k++) {
            double largest = 0;
            for (double value : basis[k]) {
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            double scale = Math.copySign(Math.sqrt(lengths[k]), largest);
            for (int i = 0; i < n; i++) {
                plane[i][k] = basis[k][i] * scale;
            }
        }
        return plane;
    }

    /** X * X' * v. */
    private static double[] throughGram(double[][] x, double[] v) {
        double[] middle = new double[x[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int d = 0; d < middle.length; d++) {
                middle[d] += x[i][d] * v[i];
            }
        }
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            for (int d = 0; d < middle.length; d++) {
                result[i] += x[i][d] * middle[d];
            }
        }
        return result;
    }

    private static void orthonormalise(double[][] basis, double[] lengths) {
        for (int k = 0; k < basis.length; k++) {
            for (int j = 0; j < k; j++) {
                double along = dot(basis[k], basis[j]);
                for (int i = 0; i < basis[k].length; i++) {
                    basis[k][i] -= along * basis[j][i];
                }
            }
            lengths[k] = Math.sqrt(dot(basis[k], basis[k]));
            for (int i = 0; i < basis[k].length && lengths[k] > 0; i++) {
                basis[k][i] /= lengths[k];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
