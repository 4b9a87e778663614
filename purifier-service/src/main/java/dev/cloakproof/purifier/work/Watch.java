package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.purifier.purify.PurificationWatch;

/** Ends a run at its next step once nobody waits for it. For one thread. */
final class Watch implements PurificationWatch {
    private final Runnable stillWanted;
    private final Purifier.Progress listener;
    private CloakproofException stopped;

    /** @param stillWanted throws where the run should end */
    Watch(Runnable stillWanted, Purifier.Progress listener) {
        this.stillWanted = stillWanted;
        this.listener = listener;
    }

    @Override
    public void progress(String step, int done, int total) {
        listener.progress(step, done, total);
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
