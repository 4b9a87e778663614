package dev.cloakproof.evaluator.evaluate;

import java.util.Arrays;

/**
 * The signed-rank test: whether paired values differ in either direction (Wilcoxon 1945). Pairs without a difference are
 * left out. Up to 50 pairs without ties the probability is exact; else it is the normal approximation with the
 * correction for ties, as SciPy has it.
 */
public final class Wilcoxon {
    private static final int MOST_EXACT = 50;

    /**
     * @param statistic the smaller sum of ranks of one sign
     * @param probability of a statistic at least as extreme if nothing differed, two-sided
     * @param pairs that differ
     */
    public record Result(double statistic, double probability, int pairs) {}

    private Wilcoxon() {}

    /** @throws ScoreException if there are not as many of both, or no pair differs, or a value is not a number */
    public static Result test(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new ScoreException(
                    "the signed-rank test needs pairs: found " + a.length + " and " + b.length + " values");
        }
        double[] differences = new double[a.length];
        int n = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - b[i];
            if (Double.isNaN(difference)) {
                throw new ScoreException("the signed-rank test needs numbers: pair " + i + " has none");
            }
            if (difference != 0) {
                differences[n++] = difference;
            }
        }
        if (n == 0) {
            throw new ScoreException("no pair differs");
        }
        return test(Arrays.copyOf(differences, n), n < a.length);
    }

    private static Result test(double[] differences, boolean zeros) {
        int n = differences.length;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (i, j) -> Double.compare(Math.abs(differences[i]), Math.abs(differences[j])));
        double positive = 0;
        double ties = 0;
        for (int from = 0; from < n; ) {
            int to = from;
            while (to < n && Math.abs(differences[order[to]]) == Math.abs(differences[order[from]])) {
                to++;
            }
            double rank = (from + 1 + to) / 2.0;
            for (int i = from; i < to; i++) {
                positive += differences[order[i]] > 0 ? rank : 0;
            }
            double size = to - from;
            ties += size * size * size - size;
            from = to;
        }
        double all = n * (n + 1) / 2.0;
        double statistic = Math.min(positive, all - positive);
        boolean exact = n <= MOST_EXACT && ties == 0 && !zeros;
        return new Result(statistic, exact ? exact(n, statistic) : approximate(n, statistic, ties), n);
    }

    /** Counts the sets of ranks whose sum is at most the statistic. */
    private static double exact(int n, double statistic) {
        double[] ways = new double[n * (n + 1) / 2 + 1];
        ways[0] = 1;
        for (int rank = 1; rank <= n; rank++) {
            for (int sum = ways.length - 1; sum >= rank; sum--) {
                ways[sum] += ways[sum - rank];
            }
        }
        double few = 0;
        for (int sum = 0; sum <= statistic; sum++) {
            few += ways[sum];
        }
        return Math.min(1, 2 * few / Math.pow(2, n));
    }

    private static double approximate(int n, double statistic, double ties) {
        double mean = n * (n + 1) / 4.0;
        double variance = n * (n + 1) * (2.0 * n + 1) / 24 - ties / 48;
        return Math.min(1, 2 * Normal.below((statistic - mean) / Math.sqrt(variance)));
    }
}
