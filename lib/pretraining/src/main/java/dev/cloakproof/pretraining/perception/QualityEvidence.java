package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.image.Picture;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** A score's means over pictures of people whom nothing trained on, by blemish, at strengths 0 (none), 1/4 to 1. */
final class QualityEvidence {
    private static final int STRENGTHS = 4;

    private QualityEvidence() {}

    static Map<Blemish, double[]> of(ToDoubleFunction<Picture> score, int people, int size) {
        return ofPairs((_, worse) -> score.applyAsDouble(worse), people, size);
    }

    /** @param score of a picture and a worse one */
    static Map<Blemish, double[]> ofPairs(ToDoubleBiFunction<Picture, Picture> score, int people, int size) {
        Map<Blemish, double[]> means = new EnumMap<>(Blemish.class);
        for (Blemish blemish : Blemish.values()) {
            means.put(blemish, new double[STRENGTHS + 1]);
        }
        for (int i = 0; i < people; i++) {
            Picture picture =
                    Album.draw(Seeds.heldOut(i), Seeds.heldOut(i), size).picture();
            double clean = score.applyAsDouble(picture, picture);
            for (Blemish blemish : Blemish.values()) {
                means.get(blemish)[0] += clean / people;
                for (int k = 1; k <= STRENGTHS; k++) {
                    Picture worse = blemish.of(picture, (double) k / STRENGTHS, Draws.of(i));
                    means.get(blemish)[k] += score.applyAsDouble(picture, worse) / people;
                }
            }
        }
        return means;
    }
}
