package dev.cloakproof.platform.lease;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.ObjectStore.Version;
import dev.cloakproof.platform.blob.ObjectStore.Versioned;
import dev.cloakproof.platform.errors.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Exclusive, expiring rights to do a piece of work, kept in the object store by conditional writes. A holder that dies
 * loses its lease when the time to live has passed; nobody has to clean up.
 *
 * <p>Expiry compares clocks of different machines: the time to live must be much longer than their difference. A lease
 * keeps work from being done twice at once; it does not make a write safe by itself, which is why outputs are stored
 * under keys that say what they are made of.
 */
public final class Leases {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    private final ObjectStore objects;
    private final InstantSource clock;
    private final String holder;
    private final Duration timeToLive;

    /**
     * @param holder names this process for people: the pod and a random part
     * @param timeToLive how long a lease lives without being renewed; renew at a third of it
     */
    public Leases(ObjectStore objects, InstantSource clock, String holder, Duration timeToLive) {
        this.objects = objects;
        this.clock = clock;
        this.holder = holder;
        this.timeToLive = timeToLive;
    }

    public Duration timeToLive() {
        return timeToLive;
    }

    /** Takes the lease on a key, or empty while another holder has it. Not reentrant. */
    public Optional<Lease> acquire(ObjectKey key) {
        byte[] mine = encode(clock.instant().plus(timeToLive));
        Optional<Version> taken = objects.putIfAbsent(key, mine);
        if (taken.isEmpty()) {
            taken = objects.get(key).filter(this::expired).flatMap(old -> objects.replace(key, mine, old.version()));
        }
        return taken.map(version -> new Lease(this, key, version));
    }

    /** Whether somebody has the lease on a key. */
    public boolean isHeld(ObjectKey key) {
        return objects.get(key).filter(held -> !expired(held)).isPresent();
    }

    Version renew(ObjectKey key, Version version) {
        return objects.replace(key, encode(clock.instant().plus(timeToLive)), version)
                .orElseThrow(() -> Reason.LEASE_LOST
                        .problem("expected to hold the lease on " + key + ", found it taken over")
                        .with("key", key)
                        .exception());
    }

    /** Gives a lease back by letting it expire now: deleting could delete a successor's. */
    void release(ObjectKey key, Version version) {
        objects.replace(key, encode(Instant.EPOCH), version);
    }

    private boolean expired(Versioned held) {
        return !decode(held.bytes()).expires().isAfter(clock.instant());
    }

    private byte[] encode(Instant expires) {
        try {
            return JSON.writeValueAsBytes(new Stored(holder, expires));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Stored decode(byte[] bytes) {
        try {
            return JSON.readValue(bytes, Stored.class);
        } catch (IOException damaged) {
            // Nobody can renew what nobody can read: treat it as expired instead of blocking the work for ever.
            return new Stored("unreadable", Instant.EPOCH);
        }
    }

    /** What lies in the store. */
    record Stored(String holder, Instant expires) {}
}
