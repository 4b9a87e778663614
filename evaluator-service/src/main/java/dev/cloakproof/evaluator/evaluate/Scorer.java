package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives pictures some scores. A picture's scores do not depend on the others or on order, up to the rounding of kernels
 * that add in another order for another batch.
 */
@FunctionalInterface
public interface Scorer {
    /** @param counterpart the picture it was made from, or null where there is none */
    record Pair(Picture picture, Picture counterpart) {}

    /**
     * What a scorer says of a picture.
     *
     * @param scores by metric; a metric that does not apply is left out
     * @param faceFound whether there is a face, where the scorer looked for one
     */
    record Scored(Map<Metric, Double> scores, Optional<Boolean> faceFound) {
        static final Scored NOTHING = new Scored(Map.of(), Optional.empty());

        static Scored of(Metric metric, double value) {
            return new Scored(Map.of(metric, value), Optional.empty());
        }
    }

    /**
     * @return one a pair, in order
     * @throws IllegalArgumentException or {@link ScoreException} if one of them cannot be scored; then each is asked for
     *     alone
     */
    List<Scored> score(List<Pair> pairs);

    /** A scorer that gains nothing by many pictures at once. */
    static Scorer each(Function<Pair, Scored> one) {
        return pairs -> pairs.stream().map(one).toList();
    }
}
