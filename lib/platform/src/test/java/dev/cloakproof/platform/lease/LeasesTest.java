package dev.cloakproof.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
    private static final ObjectKey KEY = ObjectKey.of("leases", "run-1");
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path folder;

    private ObjectStore objects;
    private Leases here;
    private Leases there;

    @BeforeEach
    void begin() {
        objects = new FileObjectStore(folder);
        here = new Leases(objects, clock, "here", TIME_TO_LIVE);
        there = new Leases(objects, clock, "there", TIME_TO_LIVE);
    }

    @Test
    void oneHolderKeepsTheOtherOut() {
        assertThat(here.acquire(KEY)).isPresent();

        assertThat(there.acquire(KEY)).isEmpty();
        assertThat(here.acquire(KEY)).isEmpty();
    }

    @Test
    void aLeaseGivenBackIsFreeAtOnce() {
        here.acquire(KEY).orElseThrow().close();

        assertThat(there.acquire(KEY)).isPresent();
    }

    @Test
    void aLeaseExpiresAtItsTimeAndNotBefore() {
        here.acquire(KEY).orElseThrow();

        clock.advance(TIME_TO_LIVE.minusMillis(1));
        assertThat(there.acquire(KEY)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(there.acquire(KEY)).isPresent();
    }

    @Test
    void renewingExtends() {
        Lease lease = here.acquire(KEY).orElseThrow();

        clock.advance(TIME_TO_LIVE.dividedBy(2));
        lease.renew();
        clock.advance(TIME_TO_LIVE.dividedBy(2));

        assertThat(there.acquire(KEY)).isEmpty();
    }

    @Test
    void whoWasTakenOverCannotRenewAndDoesNotDisturbTheSuccessor() {
        Lease lost = here.acquire(KEY).orElseThrow();
        clock.advance(TIME_TO_LIVE);
        Lease successor = there.acquire(KEY).orElseThrow();

        assertThatExceptionOfType(CloakproofException.class)
                .isThrownBy(lost::renew)
                .returns(Reason.LEASE_LOST, CloakproofException::reason);
        lost.close();

        successor.renew();
        assertThat(here.acquire(KEY)).isEmpty();
    }

    @Test
    void aDamagedLeaseBlocksNobody() {
        objects.put(KEY, "{".getBytes());

        assertThat(here.acquire(KEY)).isPresent();
    }

    @Test
    @Timeout(20)
    void theKeeperRenewsAndTellsOfALoss() throws Exception {
        Duration brief = Duration.ofMillis(30);
        Leases briefly = new Leases(objects, clock, "brief", brief);
        Lease lease = briefly.acquire(KEY).orElseThrow();
        var before = objects.get(KEY).orElseThrow().version();
        CompletableFuture<CloakproofException> lost = new CompletableFuture<>();
        try (ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor()) {
            try (var _ = new LeaseKeeper(scheduler, brief).keep(lease, lost::complete)) {
                clock.advance(Duration.ofMillis(10));
                while (objects.get(KEY).orElseThrow().version().equals(before)) {
                    Thread.onSpinWait();
                }
                assertThat(lost).isNotDone();

                objects.put(KEY, "somebody else's".getBytes());
                assertThat(lost.get().reason()).isEqualTo(Reason.LEASE_LOST);
            }
        }
    }
}
