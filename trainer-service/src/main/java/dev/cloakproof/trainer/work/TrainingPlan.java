package dev.cloakproof.trainer.work;

import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.trainer.train.TrainingSpec;
import dev.cloakproof.v1.TrainingParameters;
import java.util.Map;

/**
 * What a request for a training asks for, checked.
 *
 * @param classPictures how pictures of the class are drawn
 * @param parameters with nothing left out
 * @param sources where each number came from: {@code request}, {@code pack} or {@code preset}
 */
public record TrainingPlan(
        ServicePack pack,
        TrainingSpec spec,
        ClassPictures classPictures,
        TrainingParameters parameters,
        Map<String, String> sources) {
    /**
     * How pictures of the class are drawn.
     *
     * @param seed of the set; the same for all trainings that leave theirs open, so that they share the pictures
     */
    public record ClassPictures(int steps, double guidance, long seed) {}
}
