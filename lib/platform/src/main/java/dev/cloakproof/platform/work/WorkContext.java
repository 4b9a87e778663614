package dev.cloakproof.platform.work;

import java.util.Map;

/** What long work sees of the platform. An algorithm calls both methods at every denoising or training step. */
public interface WorkContext {
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
}
