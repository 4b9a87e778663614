package dev.cloakproof.sampler.sample;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import java.util.List;
import java.util.Optional;

/**
 * What to draw.
 *
 * @param prompts as the text encoder reads them, suffix included; 1 to 100
 * @param picturesPerPrompt 1 to 1000
 * @param steps denoising steps, 1 to 1000
 * @param negativePrompt what to move away from; empty is the unconditional prompt
 * @param scheduler empty: the model's own
 * @param side of the square pictures in pixels, a multiple of the autoencoder's factor
 * @param seed of the first picture; picture i has {@code seed + i} and is the same alone as among others
 * @param origin resource name of the run or call that draws; its tag goes into the watermark
 */
public record SamplingSpec(
        List<String> prompts,
        int picturesPerPrompt,
        int steps,
        Guidance guidance,
        String negativePrompt,
        Optional<SchedulerKind> scheduler,
        int side,
        long seed,
        String origin) {
    public SamplingSpec {
        prompts = List.copyOf(prompts);
        require(!prompts.isEmpty() && prompts.size() <= 100, "prompts", "1 to 100", prompts.size());
        require(
                picturesPerPrompt >= 1 && picturesPerPrompt <= 1000,
                "pictures per prompt",
                "1 to 1000",
                picturesPerPrompt);
        require(steps >= 1 && steps <= 1000, "steps", "1 to 1000", steps);
        require(side >= 8 && side <= 4096, "side", "8 to 4096 pixels", side);
    }

    /** Pictures in all. */
    public int pictures() {
        return prompts.size() * picturesPerPrompt;
    }

    private static void require(boolean holds, String name, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", found " + found);
        }
    }
}
