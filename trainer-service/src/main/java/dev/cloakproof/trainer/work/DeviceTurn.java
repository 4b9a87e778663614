package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.work.WorkContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One piece of work on the device at a time: calls and events take turns. */
@Singleton
class DeviceTurn {
    private final ReentrantLock lock = new ReentrantLock(true);

    /** The turn; the thread that took it closes it. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the turn.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException what the context throws while it waits
     */
    Turn take(WorkContext context) throws InterruptedException {
        while (!lock.tryLock(200, TimeUnit.MILLISECONDS)) {
            context.checkCancelled();
            context.progress(0, 1, "waiting for the device", Map.of());
        }
        return lock::unlock;
    }
}
