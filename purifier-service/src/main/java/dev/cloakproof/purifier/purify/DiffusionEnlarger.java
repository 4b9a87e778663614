package dev.cloakproof.purifier.purify;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.Upscaler;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/** The x4 upscaler of Stability AI as an {@link Enlarger}. */
public final class DiffusionEnlarger implements Enlarger {
    private final Upscaler upscaler;

    /** @param upscaler which stays the caller's to close */
    public DiffusionEnlarger(Upscaler upscaler) {
        this.upscaler = upscaler;
    }

    @Override
    public List<Picture> enlarge(Request request, PurificationWatch progress) {
        List<Upscaler.Request> requests = request.pictures().stream()
                .map(small -> new Upscaler.Request(
                        new Sampling(
                                List.of(small.prompt()),
                                List.of(),
                                request.steps(),
                                new Guidance(request.guidance()),
                                upscaler.scheduler(),
                                small.seed()),
                        small.picture(),
                        request.noiseLevel()))
                .toList();
        return upscaler.run(requests, new Progress() {
            @Override
            public void step(int done, int total, Tensor latents) {
                progress.progress("sr", done, total);
            }

            @Override
            public boolean cancelled() {
                return progress.cancelled();
            }
        });
    }
}
