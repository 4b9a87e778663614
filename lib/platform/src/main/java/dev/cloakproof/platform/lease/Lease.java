package dev.cloakproof.platform.lease;

import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore.Version;
import dev.cloakproof.platform.errors.CloakproofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lease that this process holds. Thread-safe: a keeper renews it while the work runs. */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Leases leases;
    private final ObjectKey key;
    private Version version;

    Lease(Leases leases, ObjectKey key, Version version) {
        this.leases = leases;
        this.key = key;
        this.version = version;
    }

    /** Extends the lease by its time to live; LEASE_LOST if another holder took over. */
    public synchronized void renew() {
        version = leases.renew(key, version);
    }

    /** Gives the lease back, so that the next holder need not wait. Harmless if it was lost; never throws. */
    @Override
    public synchronized void close() {
        try {
            leases.release(key, version);
        } catch (CloakproofException unreachable) {
            LOG.warn("could not give back the lease on {}, it will expire: {}", key, unreachable.getMessage());
        }
    }
}
