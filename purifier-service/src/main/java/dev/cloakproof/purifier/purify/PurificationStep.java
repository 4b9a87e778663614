package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to change a picture so that a perturbation on it loses its effect. Stateless: may run in several threads. Equal
 * only to itself, for another one may have other networks.
 */
public interface PurificationStep {
    StepDescription description();

    /**
     * Looks at settings that are each within their range and may still make no sense, before any picture is touched.
     *
     * @throws IllegalArgumentException if they do not
     */
    default void check(Settings settings) {}

    /** Whether {@link #apply(List, Settings, List)} may take less than one picture after the other. */
    default boolean gainsTogether() {
        return false;
    }

    /**
     * @param settings of {@link #description}, complete and checked
     * @return another picture, of whatever size
     * @throws PurificationException if the picture is not one that this step can take
     * @throws java.util.concurrent.CancellationException if the run's watcher asks for it
     */
    Picture apply(Picture picture, Settings settings, PurificationRun run);

    /**
     * The same for several pictures, which need not be of one size. What becomes of a picture does not depend on the
     * others, up to the rounding of kernels that add in another order for another batch.
     *
     * @param runs one a picture
     * @return one a picture
     * @throws java.util.concurrent.CancellationException if a run's watcher asks for it
     */
    default List<Attempt> apply(List<Picture> pictures, Settings settings, List<PurificationRun> runs) {
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            PurificationRun run = runs.get(i);
            attempts.add(Attempt.of(() -> apply(picture, settings, run)));
        }
        return attempts;
    }
}
