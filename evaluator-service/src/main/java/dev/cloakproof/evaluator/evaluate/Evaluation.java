package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Scores pictures one by one; one that cannot be read or scored never loses the others. */
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

    /**
     * @param each is told every picture's scores as soon as they are there
     * @throws ScoreException if there is nothing to score
     */
    public ScoreReport score(List<Sample> samples, Consumer<PictureScores> each) {
        if (samples.isEmpty()) {
            throw new ScoreException("no pictures to score");
        }
        List<PictureScores> rows = new ArrayList<>();
        for (Sample sample : samples) {
            PictureScores row = score(sample);
            rows.add(row);
            each.accept(row);
        }
        return new ScoreReport(rows);
    }

    private PictureScores score(Sample sample) {
        Map<Metric, Double> scores = new EnumMap<>(Metric.class);
        List<String> problems = new ArrayList<>();
        boolean[] seen = {false, false}; // looked, found
        try {
            Picture picture = sample.picture().get();
            Picture counterpart =
                    sample.counterpart() == null ? null : sample.counterpart().get();
            for (Scorer scorer : scorers) {
                try {
                    scorer.score(picture, counterpart, any -> {
                                seen[0] = true;
                                seen[1] |= any;
                            })
                            .forEach((metric, value) -> scores.put(metric, metric.check(value)));
                } catch (IllegalArgumentException | ScoreException e) {
                    problems.add(e.getMessage());
                }
            }
        } catch (PictureException e) {
            problems.add(e.getMessage());
        }
        PictureScores.derive(scores);
        return new PictureScores(sample.name(), scores, seen[0] ? Optional.of(seen[1]) : Optional.empty(), problems);
    }
}
