package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import java.util.Collections;
import java.util.List;

/**
 * What every pipeline is asked for.
 *
 * @param prompts one for each picture; all are made in one batch
 * @param negativePrompts as many, or one for all, or none, which stands for empty ones
 * @param steps denoising steps; PNDM calls the network once more
 * @param scheduler usually the model's own
 * @param seed of the one noise stream of the batch: a picture depends on its place in it
 */
public record Sampling(
        List<String> prompts,
        List<String> negativePrompts,
        int steps,
        Guidance guidance,
        SchedulerConfig scheduler,
        long seed) {
    public Sampling {
        prompts = List.copyOf(prompts);
        negativePrompts = List.copyOf(negativePrompts);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("no prompts");
        }
        if (negativePrompts.size() > 1 && negativePrompts.size() != prompts.size()) {
            throw new IllegalArgumentException(
                    "negative prompts: expected none, one or " + prompts.size() + ", found " + negativePrompts.size());
        }
    }

    /** Pictures in the batch. */
    int batch() {
        return prompts.size();
    }

    /** The negative prompt of each picture. */
    List<String> negatives() {
        return negativePrompts.size() == batch()
                ? negativePrompts
                : Collections.nCopies(batch(), negativePrompts.isEmpty() ? "" : negativePrompts.getFirst());
    }

    /** Whether pictures of both can go down the noise levels together. */
    boolean joins(Sampling other) {
        return steps == other.steps && guidance.equals(other.guidance) && scheduler.equals(other.scheduler);
    }
}
