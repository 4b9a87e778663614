package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.TrainingPictures;
import java.util.List;

/**
 * Perturbs pictures so that a model trained on them learns something else. Implementations are settings; what they need
 * of a subject comes with the request. Those that ascend a loss share {@link ProjectedGradient}; one that bounds
 * something else than levels (Glaze: LPIPS) brings a descent of its own.
 */
public interface Protection {
    /**
     * What is protected, and with what help.
     *
     * @param pictures to protect, squares of one size whose side is a multiple of 8
     * @param clean other pictures of the subject, which its owner trains surrogates on; may be empty where none is trained
     * @param prior pictures of the class, likewise
     * @param seed of all random numbers
     */
    record Request(List<Picture> pictures, List<Picture> clean, List<Picture> prior, Budget budget, long seed) {
        public Request {
            // The same checks as for training.
            pictures = new TrainingPictures(pictures, List.of()).instance();
            clean = List.copyOf(clean);
            prior = List.copyOf(prior);
        }

        /** Refuses a request without what a surrogate is trained on. */
        void requireSurrogatePictures() {
            var _ = new TrainingPictures(clean, prior);
            if (prior.isEmpty()) {
                throw new IllegalArgumentException(
                        "this protection trains a surrogate: it needs pictures of the class");
            }
        }
    }

    /**
     * @return as many pictures, of the same size and within the budget
     * @throws java.util.concurrent.CancellationException if the monitor ends it
     */
    List<Picture> protect(Request request, ProtectionMonitor monitor);
}
