package dev.cloakproof.purifier.purify;

import java.util.function.IntConsumer;

/**
 * The convex problem min over Z of |M o (Z - x)| + lambda * TV(Z), solved by the primal-dual method of Chambolle and Pock
 * (2011). Z is held to [0, 1], as pictures are; with that bound every dual point gives a lower bound on the
 * optimum, so the gap to it is proven, not guessed.
 *
 * <p>Samples are (row, column, channel). Per channel: |.| is Frobenius' norm, TV the sum of the lengths of all
 * differences of neighbouring rows and of neighbouring columns of one channel. Interleaved: |.| is the spectral norm of
 * the rows x (3 * columns) matrix, and TV takes that matrix as one channel.
 */
final class TotalVariation {
    /** How much faster the picture moves than the dual; found by trial, any value converges. */
    private static final double BALANCE = 10;
    /** At least the norm of the mask and all differences together: 1 + 4 + 4 under the root. */
    private static final double NORM = 3;

    private static final int CHECK = 50;

    private final int rows;
    private final int columns; // of the matrix
    private final int step; // between neighbouring columns of one channel
    private final double[] target;
    private final boolean[] counted;
    private final double lambda;
    private final boolean spectral;

    /**
     * @param values (rows * columns * 3)
     * @param gap proven distance of the objective to the optimum
     * @param reached whether the gap is as small as asked for
     */
    record Solution(double[] values, double objective, double gap, int iterations, boolean reached) {}

    TotalVariation(int rows, int width, double[] target, boolean[] counted, double lambda, boolean interleaved) {
        this.rows = rows;
        this.columns = 3 * width;
        this.step = interleaved ? 1 : 3;
        this.target = target;
        this.counted = counted;
        this.lambda = lambda;
        this.spectral = interleaved;
    }

    /** @param relativeGap where to stop, as a part of the objective */
    Solution solve(double relativeGap, int most, IntConsumer progress) {
        double tau = BALANCE / NORM;
        double sigma = 1 / (BALANCE * NORM);
        double[] z = target.clone();
        double[] ahead = z.clone();
        double[] misfit = new double[z.length];
        double[] down = new double[z.length]; // dual of row differences; the last row stays 0
        double[] along = new double[z.length]; // dual of column differences; the last columns stay 0
        double[] best = z;
        double least = Double.POSITIVE_INFINITY;
        double bound = Double.NEGATIVE_INFINITY;
        int iteration = 0;
        while (true) {
            if (iteration % CHECK == 0) {
                double objective = objective(z);
                if (objective < least) {
                    least = objective;
                    best = z.clone();
                }
                bound = Math.max(bound, lowerBound(misfit, down, along));
                progress.accept(iteration);
                boolean reached = least - bound <= relativeGap * Math.max(least, 1e-12);
                if (reached || iteration >= most) {
                    return new Solution(best, least, least - bound, iteration, reached);
                }
            }
            for (int i = 0; i < z.length; i++) {
                misfit[i] += counted[i] ? sigma * (ahead[i] - target[i]) : 0;
                down[i] += i + columns < z.length ? sigma * (ahead[i + columns] - ahead[i]) : 0;
                along[i] += i % columns + step < columns ? sigma * (ahead[i + step] - ahead[i]) : 0;
            }
            if (spectral) {
                SingularValues.projectToNuclearBall(misfit, rows, columns);
            } else {
                shrink(misfit, 0, 1, misfit.length, 1.0);
            }
            shrinkGroups(down, along);
            for (int i = 0; i < z.length; i++) {
                double next = Math.clamp(z[i] - tau * gradient(i, misfit, down, along), 0, 1);
                ahead[i] = 2 * next - z[i];
                z[i] = next;
            }
            iteration++;
        }
    }

    /** Of the dual terms to sample i: the mask's and the differences' transposes. */
    private double gradient(int i, double[] misfit, double[] down, double[] along) {
        double sum = counted[i] ? misfit[i] : 0;
        sum -= i + columns < down.length ? down[i] : 0;
        sum += i >= columns ? down[i - columns] : 0;
        int column = i % columns;
        sum -= column + step < columns ? along[i] : 0;
        sum += column >= step ? along[i - step] : 0;
        return sum;
    }

    double objective(double[] z) {
        double[] difference = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            difference[i] = counted[i] ? z[i] - target[i] : 0;
        }
        double fit = spectral
                ? SingularValues.largest(difference, rows, columns)
                : length(difference, 0, 1, difference.length);
        double[] down = new double[z.length];
        double[] along = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            down[i] = i + columns < z.length ? z[i + columns] - z[i] : 0;
            along[i] = i % columns + step < columns ? z[i + step] - z[i] : 0;
        }
        double[] total = {0};
        groups((start, stride, count, isDown) -> total[0] += length(isDown ? down : along, start, stride, count));
        return fit + lambda * total[0];
    }

    /** The least of the Lagrangian over [0, 1]: no Z can do better. */
    private double lowerBound(double[] misfit, double[] down, double[] along) {
        double sum = 0;
        for (int i = 0; i < target.length; i++) {
            sum += Math.min(0, gradient(i, misfit, down, along)) - (counted[i] ? misfit[i] * target[i] : 0);
        }
        return sum;
    }

    private interface GroupVisitor {
        void visit(int start, int stride, int count, boolean down);
    }

    /** Each row's differences to the next and each column's, by channel or all channels as one. */
    private void groups(GroupVisitor visitor) {
        for (int row = 0; row + 1 < rows; row++) {
            for (int channel = 0; channel < step; channel++) {
                visitor.visit(row * columns + channel, step, columns / step, true);
            }
        }
        for (int column = 0; column + step < columns; column++) {
            visitor.visit(column, columns, rows, false);
        }
    }

    private void shrinkGroups(double[] down, double[] along) {
        groups((start, stride, count, isDown) -> shrink(isDown ? down : along, start, stride, count, lambda));
    }

    /** Brings a group to at most a length. */
    private static void shrink(double[] values, int start, int stride, int count, double most) {
        double length = length(values, start, stride, count);
        if (length > most) {
            double factor = most / length;
            for (int i = 0; i < count; i++) {
                values[start + i * stride] *= factor;
            }
        }
    }

    private static double length(double[] values, int start, int stride, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double value = values[start + i * stride];
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
