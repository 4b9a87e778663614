package dev.cloakproof.trainer.protect;

import java.util.concurrent.CancellationException;

/** Follows a protection and may end it; called between iterations, on the protection's thread. */
public interface ProtectionMonitor {
    ProtectionMonitor NONE = (_, _) -> true;

    /**
     * @param done gradient steps made
     * @param total of the whole protection
     * @return whether to go on
     */
    boolean step(long done, long total);

    /** Counts steps and throws when told to end. */
    final class Count {
        private final ProtectionMonitor monitor;
        private final long total;
        private long done;

        Count(ProtectionMonitor monitor, long total) {
            this.monitor = monitor;
            this.total = total;
        }

        /** @throws CancellationException if the monitor says to end */
        void next() {
            done++;
            if (!monitor.step(done, total)) {
                throw new CancellationException("cancelled after " + done + " of " + total + " steps");
            }
        }
    }
}
