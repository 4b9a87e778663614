package dev.cloakproof.evaluator.evaluate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All scores of a run.
 *
 * @param sets in the order asked for
 * @param tests of sets that pair
 * @param mismatch where pictures lie among sentences; empty without CLIP
 * @param notes what a reader has to know
 * @param resamples of the intervals; 0 where there are none
 */
public record RunScores(
        List<ScoredSet> sets,
        List<PairedTest> tests,
        Optional<PlacedSets> mismatch,
        List<String> notes,
        int resamples) {
    public static final double CONFIDENCE = 0.95;
    /** Of the intervals and the projection: the same pictures give the same numbers. */
    public static final long SEED = 0;

    /**
     * One set of pictures.
     *
     * @param name such as {@code purified}
     * @param means with intervals, of the wanted metrics; without resamples the interval is the mean alone
     * @param missing why wanted metrics are not there
     */
    public record ScoredSet(
            String name, ScoreReport report, Map<Metric, Interval> means, Map<Metric, String> missing) {}

    /**
     * Whether a metric differs between two sets, picture by picture.
     *
     * @param result empty where the test says nothing
     * @param trouble why; empty where there is a result
     */
    public record PairedTest(
            Metric metric, String first, String second, Optional<Wilcoxon.Result> result, String trouble) {}

    /**
     * Pictures and sentences in a plane (paper, Figure 3).
     *
     * @param projection that brought them there
     * @param concept places of sentences on a person, (sentences, 2)
     * @param noise places of sentences on noise, (sentences, 2)
     */
    public record PlacedSets(String projection, List<PlacedSet> sets, double[][] concept, double[][] noise) {}

    /**
     * A set in the plane.
     *
     * @param points (pictures, 2)
     * @param person how probably each picture shows a person and not noise, 0 to 1
     * @param onPersonsSide the part of the pictures above one half
     */
    public record PlacedSet(String name, double[][] points, double[] person, double onPersonsSide) {}
}
