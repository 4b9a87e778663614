package dev.cloakproof.purifier.purify;

import java.util.Arrays;

/** Singular values of small matrices with fewer rows than columns, by Jacobi's rotations of A * A'. */
final class SingularValues {
    private static final int MOST_SWEEPS = 30;

    private SingularValues() {}

    /** The spectral norm of a row-major matrix. */
    static double largest(double[] matrix, int rows, int columns) {
        double[] gram = gram(matrix, rows, columns);
        diagonalise(gram, new double[0], rows);
        double most = 0;
        for (int i = 0; i < rows; i++) {
            most = Math.max(most, gram[i * rows + i]);
        }
        return Math.sqrt(most);
    }

    /** Replaces a matrix by the nearest one whose singular values add up to at most 1. */
    static void projectToNuclearBall(double[] matrix, int rows, int columns) {
        double[] gram = gram(matrix, rows, columns);
        double[] vectors = new double[rows * rows];
        diagonalise(gram, vectors, rows);
        double[] values = new double[rows];
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            values[i] = Math.sqrt(Math.max(0, gram[i * rows + i]));
            sum += values[i];
        }
        if (sum <= 1) {
            return;
        }
        double threshold = threshold(values);
        // U * diag(kept / value) * U' * A
        double[] turn = new double[rows * rows];
        for (int k = 0; k < rows; k++) {
            double factor = values[k] > threshold ? (values[k] - threshold) / values[k] : 0;
            for (int i = 0; i < rows && factor > 0; i++) {
                for (int j = 0; j < rows; j++) {
                    turn[i * rows + j] += factor * vectors[i * rows + k] * vectors[j * rows + k];
                }
            }
        }
        double[] before = matrix.clone();
        Arrays.fill(matrix, 0);
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < rows; k++) {
                double weight = turn[i * rows + k];
                for (int j = 0; j < columns; j++) {
                    matrix[i * columns + j] += weight * before[k * columns + j];
                }
            }
        }
    }

    /** What to take off each value, none below 0, so that they add up to 1 (Duchi et al. 2008). */
    private static double threshold(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double sum = 0;
        double threshold = 0;
        for (int k = 1; k <= sorted.length; k++) {
            double value = sorted[sorted.length - k];
            sum += value;
            double candidate = (sum - 1) / k;
            if (value > candidate) {
                threshold = candidate;
            }
        }
        return threshold;
    }

    private static double[] gram(double[] matrix, int rows, int columns) {
        double[] gram = new double[rows * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < columns; k++) {
                    sum += matrix[i * columns + k] * matrix[j * columns + k];
                }
                gram[i * rows + j] = sum;
                gram[j * rows + i] = sum;
            }
        }
        return gram;
    }

    /** Turns a symmetric matrix into its eigenvalues on the diagonal; {@code vectors}, unless empty, gets columns. */
    private static void diagonalise(double[] a, double[] vectors, int n) {
        for (int i = 0; i < n && vectors.length > 0; i++) {
            vectors[i * n + i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double off = 0;
            double on = 0;
            for (int i = 0; i < n; i++) {
                on += a[i * n + i] * a[i * n + i];
                for (int j = 0; j < i; j++) {
                    off += a[i * n + j] * a[i * n + j];
                }
            }
            if (off <= 1e-24 * on || off == 0) {
                return;
            }
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, vectors, n, p, q);
                }
            }
        }
    }

    private static void rotate(double[] a, double[] vectors, int n, int p, int q) {
        double apq = a[p * n + q];
        if (apq * apq <= 1e-30 * Math.abs(a[p * n + p] * a[q * n + q])) {
            return;
        }
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
        double c = 1 / Math.hypot(t, 1);
        double s = t * c;
        for (int k = 0; k < n; k++) {
            double kp = a[k * n + p];
            double kq = a[k * n + q];
            a[k * n + p] = c * kp - s * kq;
            a[k * n + q] = s * kp + c * kq;
        }
        for (int k = 0; k < n; k++) {
            double pk = a[p * n + k];
            double qk = a[q * n + k];
            a[p * n + k] = c * pk - s * qk;
            a[q * n + k] = s * pk + c * qk;
        }
        for (int k = 0; k < n && vectors.length > 0; k++) {
            double kp = vectors[k * n + p];
            double kq = vectors[k * n + q];
            vectors[k * n + p] = c * kp - s * kq;
            vectors[k * n + q] = s * kp + c * kq;
        }
    }
}
