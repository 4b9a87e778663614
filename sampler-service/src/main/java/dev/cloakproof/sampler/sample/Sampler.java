package dev.cloakproof.sampler.sample;

import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.TextToImage;
import dev.cloakproof.diffusion.scheduler.Scheduler;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.sampler.sample.watermark.RunTag;
import dev.cloakproof.sampler.sample.watermark.Watermark;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws pictures one after the other, each from a seed of its own: a picture does not depend on its company, and the
 * first one is there early. None leaves without its watermark.
 */
public final class Sampler {
    private final TextToImage pipeline;
    private final SchedulerConfig ownScheduler;

    public Sampler(PersonalModel model) {
        pipeline = new TextToImage(model.networks());
        ownScheduler = model.networks().scheduler();
    }

    /**
     * @param first the picture to begin with, from 0: those before it were drawn already
     * @throws dev.cloakproof.diffusion.pipeline.PromptTooLongException before anything is drawn
     * @throws IllegalArgumentException if the model cannot draw pictures of this size
     * @throws dev.cloakproof.diffusion.UnsupportedConfigException if the model's noise cannot be sampled in this way
     */
    public void draw(SamplingSpec spec, int first, SamplingListener listener) {
        // 1. What may be wrong is found first
        SchedulerConfig scheduler = spec.scheduler().map(ownScheduler::withKind).orElse(ownScheduler);
        List<String> texts = new ArrayList<>(spec.prompts());
        texts.add(spec.negativePrompt());
        pipeline.requireFits(texts);
        int calls = calls(scheduler, spec.steps());
        RunTag tag = RunTag.of(spec.origin());

        for (int i = first; i < spec.pictures(); i++) {
            // 2. One picture
            String prompt = spec.prompts().get(i / spec.picturesPerPrompt());
            long seed = spec.seed() + i;
            var sampling = new Sampling(
                    List.of(prompt), List.of(spec.negativePrompt()), spec.steps(), spec.guidance(), scheduler, seed);
            var progress = new Counted(i, spec.pictures(), calls, listener);
            Picture picture = pipeline.run(new TextToImage.Request(sampling, spec.side(), spec.side()), progress)
                    .getFirst();

            // 3. It says what it is
            listener.drawn(new Drawn(
                    i / spec.picturesPerPrompt(),
                    i % spec.picturesPerPrompt(),
                    prompt,
                    seed,
                    Watermark.embed(picture, tag)));
        }
    }

    private static int calls(SchedulerConfig scheduler, int steps) {
        try (var trajectory = Scheduler.of(scheduler).begin(steps)) {
            return trajectory.calls();
        }
    }

    /** Counts the steps of all pictures. */
    private static final class Counted implements Progress {
        private final int picture;
        private final int pictures;
        private final int calls;
        private final SamplingListener listener;
        private int done;

        Counted(int picture, int pictures, int calls, SamplingListener listener) {
            this.picture = picture;
            this.pictures = pictures;
            this.calls = calls;
            this.listener = listener;
        }

        @Override
        public void step(int madeSoFar, int total, Tensor latents) {
            done = madeSoFar;
        }

        @Override
        public boolean cancelled() {
            listener.step(new SamplingProgress(
                    (long) picture * calls + done, (long) pictures * calls, picture + 1, pictures));
            return false; // the listener would have thrown
        }
    }
}
