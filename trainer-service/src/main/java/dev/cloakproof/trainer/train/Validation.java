package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/**
 * Pictures drawn while training goes on, and what they score: the curve of figure 6. A run is the same with and without.
 *
 * @param every steps between samples; step 0, the untrained model, is one of them
 * @param prompts each gets one picture
 * @param seed of the pictures, the same at every step, so that they show the model change and not the noise
 */
public record Validation(long every, List<String> prompts, long seed, Sampler sampler, Scorer scorer) {
    /** Draws pictures from the model as it stands. */
    @FunctionalInterface
    public interface Sampler {
        /** Runs without recording for gradients; keeps nothing of the model. */
        Picture sample(DiffusionModel model, String prompt, long seed);
    }

    /** Judges a picture, such as LIQE. */
    @FunctionalInterface
    public interface Scorer {
        double score(Picture picture, String prompt);
    }

    /** @param score NaN without a scorer */
    public record Sample(String prompt, Picture picture, double score) {}

    /** No samples. */
    public static final Validation NONE = new Validation(0, List.of(), 0, (_, _, _) -> null, null);

    public Validation {
        prompts = List.copyOf(prompts);
        TrainingSpec.require(every >= 0, "validation interval", "at least 0", every);
    }

    boolean due(long step) {
        return every > 0 && step % every == 0;
    }

    List<Sample> at(DiffusionModel model) {
        return prompts.stream()
                .map(prompt -> {
                    Picture picture = sampler.sample(model, prompt, seed);
                    return new Sample(prompt, picture, scorer == null ? Double.NaN : scorer.score(picture, prompt));
                })
                .toList();
    }
}
