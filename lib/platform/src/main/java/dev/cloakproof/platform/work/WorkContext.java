package dev.cloakproof.platform.work;

import dev.cloakproof.platform.blob.Blob;
import java.util.Map;

/** What long work sees of the platform. An algorithm calls the first two methods at every denoising or training step. */
public interface WorkContext {
    /** Nobody waits for the work, and nothing stops it. */
    WorkContext UNWATCHED = new WorkContext() {
        @Override
        public void progress(long step, long totalSteps, String message, Map<String, Double> values) {
            // nobody looks
        }

        @Override
        public void checkCancelled() {
            // nobody stops it
        }
    };

    /**
     * Reports how far the work is. Cheap enough for every step: reports that come too fast are dropped.
     *
     * @param step steps finished, 0 to {@code totalSteps}
     * @param totalSteps steps in all, 1 or more
     * @param message what is being done, one line
     * @param values numbers worth a curve at this step, such as {@code loss}
     */
    void progress(long step, long totalSteps, String message, Map<String, Double> values);

    /**
     * Returns if the work should go on.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException CANCELLED, DEADLINE_PASSED, LEASE_LOST or
     *     SHUTTING_DOWN if it should not
     */
    void checkCancelled();

    /**
     * Says which blob will be stored next, so that a deletion finds it even if this work ends before it names the blob.
     * Call it before each write.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException CANCELLED if what the work is for was deleted; then
     *     nothing is to be written
     */
    default void storing(Blob blob) {
        // What belongs to nobody is not deleted with anybody.
    }
}
