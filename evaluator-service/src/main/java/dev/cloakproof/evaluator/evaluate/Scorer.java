package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.image.Picture;
import java.util.Map;

/** Gives a picture some scores. Scores do not depend on other pictures of the set, or on order. */
@FunctionalInterface
public interface Scorer {
    /**
     * @param picture the picture
     * @param counterpart the picture it was made from, or null where there is none
     * @param faces whom to tell whether a face was found
     * @return by metric; a metric that does not apply is left out
     * @throws RuntimeException if it cannot be scored; the other scorers go on
     */
    Map<Metric, Double> score(Picture picture, Picture counterpart, FaceCount faces);

    /** Told by scorers that look for faces. */
    interface FaceCount {
        void found(boolean any);
    }
}
