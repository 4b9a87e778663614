package dev.cloakproof.evaluator.events;

import dev.cloakproof.evaluator.index.Deleted;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Deletes what was kept long enough, again and again. */
@Singleton
class RetentionSweep {
    private static final Logger LOG = Logger.getLogger(RetentionSweep.class);

    private final RunCommands commands;

    RetentionSweep(RunCommands commands) {
        this.commands = commands;
    }

    @Scheduled(every = "${cloakproof.evaluator.retention.sweep:1h}", concurrentExecution = ConcurrentExecution.SKIP)
    void sweep() {
        Deleted deleted = commands.sweep();
        if (!deleted.equals(Deleted.NOTHING)) {
            LOG.infof(
                    "retention: %d runs, %d blobs, %d bytes deleted",
                    deleted.runs(), deleted.blobs(), deleted.sizeBytes());
        }
    }
}
