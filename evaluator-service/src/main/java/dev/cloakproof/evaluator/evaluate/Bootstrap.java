package dev.cloakproof.evaluator.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Confidence intervals of means by drawing anew from the values (Efron 1979, percentile method). */
public final class Bootstrap {
    private Bootstrap() {}

    /**
     * @param confidence such as 0.95
     * @param draws how many sets are drawn, thousands as a rule
     * @param seed the same seed gives the same interval
     * @throws ScoreException if there are no values, or one is not a number
     */
    public static Interval mean(double[] values, double confidence, int draws, long seed) {
        if (values.length == 0 || !Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new ScoreException("a mean needs values that are numbers, found " + Arrays.toString(values));
        }
        if (!(confidence > 0 && confidence < 1) || draws < 1) {
            throw new IllegalArgumentException("confidence " + confidence + ", draws " + draws);
        }
        var random = new SplittableRandom(seed);
        double[] means = new double[draws];
        for (int i = 0; i < draws; i++) {
            double sum = 0;
            for (int k = 0; k < values.length; k++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        double mean = Arrays.stream(values).average().orElseThrow();
        double tail = (1 - confidence) / 2;
        return new Interval(mean, quantile(means, tail), quantile(means, 1 - tail), values.length);
    }

    /** Between the two nearest of sorted values. */
    private static double quantile(double[] sorted, double part) {
        double place = part * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
