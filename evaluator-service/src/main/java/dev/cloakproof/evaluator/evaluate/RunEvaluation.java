package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.evaluator.evaluate.Evaluation.Sample;
import dev.cloakproof.evaluator.evaluate.RunScores.PairedTest;
import dev.cloakproof.evaluator.evaluate.RunScores.PlacedSet;
import dev.cloakproof.evaluator.evaluate.RunScores.PlacedSets;
import dev.cloakproof.evaluator.evaluate.RunScores.ScoredSet;
import dev.cloakproof.evaluator.evaluate.mismatch.LatentMismatch;
import dev.cloakproof.evaluator.evaluate.mismatch.Tsne;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scores the sets of pictures of a run, tells whether paired sets differ, and places all among sentences. */
public final class RunEvaluation {
    private static final double PERPLEXITY = 30;

    private final ScoringNetworks networks;
    private final Question question;

    /**
     * What is asked.
     *
     * @param metrics to give
     * @param noun what the pictures show
     * @param resamples of the intervals, 0 or more
     */
    public record Question(Set<Metric> metrics, String noun, int resamples) {}

    /**
     * Pictures of one kind.
     *
     * @param name such as {@code purified}
     * @param pictures with what they were made from, or without, all alike
     * @param references pictures of the person to compare with; empty for none
     * @param pairsWith name of a set before this one whose picture of the same place shows the same; empty for none
     */
    public record PictureSet(
            String name, List<Sample> pictures, List<Picture> references, Optional<String> pairsWith) {}

    /** Told how far it is. What it throws ends the work. */
    @FunctionalInterface
    public interface Watch {
        /** @param done pictures scored or placed, of all */
        void at(int done, int all, String message);
    }

    /** @param networks stay the caller's to close */
    public RunEvaluation(ScoringNetworks networks, Question question) {
        this.networks = networks;
        this.question = question;
    }

    /** @throws ScoreException if a set is empty */
    public RunScores score(List<PictureSet> sets, List<String> notes, Watch watch) {
        int pictures = sets.stream().mapToInt(set -> set.pictures().size()).sum();
        int all = networks.hasClip() ? 2 * pictures : pictures;
        int[] done = {0};
        // 1. Each set by itself
        List<ScoredSet> scored = new ArrayList<>();
        for (PictureSet set : sets) {
            scored.add(score(set, new Evaluation.Watch() {
                @Override
                public void scored(PictureScores row) {
                    watch.at(++done[0], all, "scored " + row.name());
                }

                @Override
                public void working() {
                    watch.at(done[0], all, "scoring " + set.name());
                }
            }));
        }
        // 2. Pairs of sets
        List<PairedTest> tests = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            ScoredSet second = scored.get(i);
            sets.get(i)
                    .pairsWith()
                    .flatMap(name -> scored.stream()
                            .filter(set -> set.name().equals(name))
                            .findAny())
                    .ifPresent(first -> tests.addAll(compare(first, second)));
        }
        // 3. All among sentences
        List<String> said = new ArrayList<>(notes);
        Optional<PlacedSets> placed = Optional.empty();
        if (networks.hasClip()) {
            placed = Optional.of(place(sets, name -> watch.at(++done[0], all, "placed " + name)));
        } else {
            said.add("The latent mismatch is not shown: the model pack has no CLIP.");
        }
        return new RunScores(scored, tests, placed, said, question.resamples());
    }

    /** Told of a picture that is done. */
    private interface Each {
        void done(String name);
    }

    private ScoredSet score(PictureSet set, Evaluation.Watch watch) {
        boolean pairs = set.pictures().getFirst().counterpart() != null;
        try (var scorers = ScorerSet.open(networks, question.metrics(), set.references(), pairs, question.noun())) {
            ScoreReport report = new Evaluation(scorers.scorers()).score(set.pictures(), watch);
            Map<Metric, Interval> means = new EnumMap<>(Metric.class);
            for (Metric metric : question.metrics()) {
                double[] values = report.values(metric);
                if (values.length > 0) {
                    means.put(metric, mean(values));
                }
            }
            return new ScoredSet(set.name(), report, means, scorers.missing());
        }
    }

    private Interval mean(double[] values) {
        if (question.resamples() == 0) {
            double mean = Arrays.stream(values).average().orElseThrow();
            return new Interval(mean, mean, mean, values.length);
        }
        return Bootstrap.mean(values, RunScores.CONFIDENCE, question.resamples(), RunScores.SEED);
    }

    private List<PairedTest> compare(ScoredSet first, ScoredSet second) {
        List<Metric> both = question.metrics().stream()
                .filter(metric ->
                        first.means().containsKey(metric) && second.means().containsKey(metric))
                .toList();
        return PairedTests.of(both, first.name(), first.report(), second.name(), second.report());
    }

    private PlacedSets place(List<PictureSet> sets, Each each) {
        var mismatch = new LatentMismatch(networks.clip(), networks.encoder());
        List<double[]> points = new ArrayList<>();
        List<List<Double>> person = new ArrayList<>();
        LatentMismatch.Places last = null;
        for (PictureSet set : sets) {
            List<Double> ofSet = new ArrayList<>();
            for (Sample sample : set.pictures()) {
                try {
                    last = mismatch.places(List.of(sample.picture().get()));
                    points.add(last.pictures()[0]);
                    ofSet.add(last.person()[0]);
                } catch (PictureException unreadable) {
                    // Its scores say so already.
                }
                each.done(sample.name());
            }
            person.add(ofSet);
        }
        if (last == null) {
            return new PlacedSets("none", List.of(), new double[0][], new double[0][]);
        }
        points.addAll(List.of(last.concept()));
        points.addAll(List.of(last.noise()));
        double[][] plane = new Tsne(PERPLEXITY).project(points.toArray(double[][]::new), RunScores.SEED);
        List<PlacedSet> placed = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < sets.size(); i++) {
            double[] ofSet =
                    person.get(i).stream().mapToDouble(Double::doubleValue).toArray();
            double onPersonsSide =
                    Arrays.stream(ofSet).filter(p -> p > 0.5).count() / (double) Math.max(1, ofSet.length);
            placed.add(new PlacedSet(
                    sets.get(i).name(), Arrays.copyOfRange(plane, from, from + ofSet.length), ofSet, onPersonsSide));
            from += ofSet.length;
        }
        int concept = from + last.concept().length;
        return new PlacedSets(
                "t-SNE",
                placed,
                Arrays.copyOfRange(plane, from, concept),
                Arrays.copyOfRange(plane, concept, plane.length));
    }
}
