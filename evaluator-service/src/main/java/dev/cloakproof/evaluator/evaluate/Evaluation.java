package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Scores pictures some at a time; one that cannot be read or scored never loses the others. */
public final class Evaluation {
    /**
     * A picture and, for faithfulness, what it was made from.
     *
     * @param picture reads it, and may throw {@link PictureException}
     * @param counterpart reads the other, or null
     */
    public record Sample(String name, Supplier<Picture> picture, Supplier<Picture> counterpart) {
        public Sample(String name, Supplier<Picture> picture) {
            this(name, picture, null);
        }
    }

    /** Pictures in memory at once. Each network takes of them what it has room for. */
    private static final int TOGETHER = 8;

    /** Pixels in memory at once; a picture with more is alone. */
    private static final long PIXELS = 1L << 24;

    private final List<Scorer> scorers;

    public Evaluation(List<Scorer> scorers) {
        this.scorers = List.copyOf(scorers);
    }

    /**
     * Pairs samples with counterparts by place.
     *
     * @throws ScoreException if there are not as many of both
     */
    public static List<Sample> paired(List<Sample> samples, List<Sample> counterparts) {
        if (samples.size() != counterparts.size()) {
            throw new ScoreException("faithfulness compares pairs: found " + samples.size() + " pictures and "
                    + counterparts.size() + " counterparts");
        }
        List<Sample> pairs = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            pairs.add(new Sample(
                    sample.name(), sample.picture(), counterparts.get(i).picture()));
        }
        return pairs;
    }

    /** Follows a scoring. What it throws ends it. */
    @FunctionalInterface
    public interface Watch {
        /** Told every picture's scores as soon as they are there. */
        void scored(PictureScores row);

        /** Called between two scorers. */
        default void working() {}
    }

    /** @throws ScoreException if there is nothing to score */
    public ScoreReport score(List<Sample> samples, Watch watch) {
        if (samples.isEmpty()) {
            throw new ScoreException("no pictures to score");
        }
        List<PictureScores> rows = new ArrayList<>();
        Iterator<Sample> left = samples.iterator();
        while (left.hasNext()) {
            List<Row> batch = new ArrayList<>();
            long pixels = 0;
            while (left.hasNext() && batch.size() < TOGETHER && pixels < PIXELS) {
                Row row = new Row(left.next());
                batch.add(row);
                pixels += row.pixels();
            }
            fill(batch, watch);
            for (Row row : batch) {
                PictureScores scores = row.scores();
                rows.add(scores);
                watch.scored(scores);
            }
        }
        return new ScoreReport(rows);
    }

    private void fill(List<Row> batch, Watch watch) {
        List<Row> readable = batch.stream().filter(row -> row.pair != null).toList();
        if (readable.isEmpty()) {
            return;
        }
        for (Scorer scorer : scorers) {
            watch.working();
            ask(scorer, readable);
        }
    }

    private static void ask(Scorer scorer, List<Row> rows) {
        List<Scorer.Scored> scored;
        try {
            scored = scorer.score(rows.stream().map(row -> row.pair).toList());
        } catch (IllegalArgumentException | ScoreException e) {
            if (rows.size() == 1) {
                rows.getFirst().problems.add(e.getMessage());
            } else {
                rows.forEach(row -> ask(scorer, List.of(row)));
            }
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).take(scored.get(i));
        }
    }

    /** One picture's scores as they come. */
    private static final class Row {
        private final String name;
        private final Map<Metric, Double> scores = new EnumMap<>(Metric.class);
        private final List<String> problems = new ArrayList<>();
        private Optional<Boolean> faceFound = Optional.empty();
        private Scorer.Pair pair; // null if it cannot be read

        Row(Sample sample) {
            name = sample.name();
            try {
                Picture picture = sample.picture().get();
                pair = new Scorer.Pair(
                        picture,
                        sample.counterpart() == null
                                ? null
                                : sample.counterpart().get());
            } catch (PictureException e) {
                problems.add(e.getMessage());
            }
        }

        long pixels() {
            return pair == null
                    ? 0
                    : (long) pair.picture().width() * pair.picture().height();
        }

        void take(Scorer.Scored scored) {
            scored.faceFound().ifPresent(found -> faceFound = Optional.of(faceFound.orElse(false) || found));
            try {
                scored.scores().forEach((metric, value) -> scores.put(metric, metric.check(value)));
            } catch (ScoreException e) {
                problems.add(e.getMessage());
            }
        }

        PictureScores scores() {
            PictureScores.derive(scores);
            return new PictureScores(name, scores, faceFound, problems);
        }
    }
}
