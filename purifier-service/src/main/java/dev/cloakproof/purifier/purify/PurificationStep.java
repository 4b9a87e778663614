package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;

/** One way to change a picture so that a perturbation on it loses its effect. Stateless: may run in several threads. */
public interface PurificationStep {
    StepDescription description();

    /**
     * @param settings of {@link #description}, complete and within their ranges
     * @return another picture, of whatever size
     * @throws PurificationException if the picture is not one that this step can take
     * @throws java.util.concurrent.CancellationException if the run's watcher asks for it
     */
    Picture apply(Picture picture, Settings settings, PurificationRun run);
}
