package dev.cloakproof.platform.lease;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews leases in the background at a third of their time to live. */
public final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final ScheduledExecutorService scheduler;
    private final Duration interval;

    /** The caller shuts the scheduler down. */
    public LeaseKeeper(ScheduledExecutorService scheduler, Duration timeToLive) {
        this.scheduler = scheduler;
        this.interval = timeToLive.dividedBy(3);
    }

    /**
     * Keeps a lease until the returned handle is closed.
     *
     * @param lost told once, when another holder has taken over
     */
    public Keeping keep(Lease lease, Consumer<CloakproofException> lost) {
        ScheduledFuture<?> renewal = scheduler.scheduleWithFixedDelay(
                () -> {
                    try {
                        lease.renew();
                    } catch (CloakproofException failed) {
                        if (failed.reason() == Reason.LEASE_LOST) {
                            lost.accept(failed);
                            throw failed; // ends the schedule
                        }
                        // Two more tries fit into the time to live.
                        LOG.warn("could not renew a lease, will try again: {}", failed.getMessage());
                    }
                },
                interval.toNanos(),
                interval.toNanos(),
                TimeUnit.NANOSECONDS);
        return () -> renewal.cancel(false);
    }

    /** Ends a renewal. */
    public interface Keeping extends AutoCloseable {
        @Override
        void close();
    }
}
