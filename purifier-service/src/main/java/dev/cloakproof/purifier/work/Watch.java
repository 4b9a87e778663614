package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.purifier.purify.PurificationWatch;

/** Ends a run at its next step once nobody waits for it. For one thread. */
final class Watch implements PurificationWatch {
    private final Runnable stillWanted;
    private CloakproofException stopped;

    /** @param stillWanted throws where the run should end */
    Watch(Runnable stillWanted) {
        this.stillWanted = stillWanted;
    }

    @Override
    public void progress(String step, int done, int total) {
        // Nothing to show; the run asks cancelled() next.
    }

    @Override
    public boolean cancelled() {
        if (stopped == null) {
            try {
                stillWanted.run();
            } catch (CloakproofException e) {
                stopped = e;
            }
        }
        return stopped != null;
    }

    /** Why the run was ended: what was thrown at it, unless it is known better here. */
    RuntimeException why(RuntimeException thrown) {
        return stopped == null ? thrown : stopped;
    }
}
