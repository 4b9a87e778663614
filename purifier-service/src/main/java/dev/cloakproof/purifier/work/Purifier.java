package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.PurificationException;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.Purified;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Purifies one picture at a time, whoever asks: calls and events take turns, for two chains at once would share the
 * device and its memory. Thread-safe.
 */
public final class Purifier {
    private final ReentrantLock turn = new ReentrantLock(true);
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private volatile boolean working;

    public Purifier(ServiceMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        metrics.jobs("running", this, purifier -> purifier.working ? 1 : 0);
    }

    /** Whether a picture is being purified now. */
    public boolean working() {
        return working;
    }

    /**
     * Waits for its turn and purifies a picture.
     *
     * @param stillWanted asked many times a second; throws where the work should end
     * @param progress is told how far each step of the chain is
     * @throws dev.cloakproof.platform.errors.CloakproofException PICTURE_INVALID, PARAMETER_INVALID, or what
     *     {@code stillWanted} throws
     */
    public Delivery purify(Order order, Runnable stillWanted, Progress progress) {
        return purify(order, new Watch(stillWanted, progress));
    }

    /** Is told how far a step of a chain is. */
    @FunctionalInterface
    public interface Progress {
        /** @param done of {@code total} parts of the step, which differ in length */
        void progress(String step, int done, int total);
    }

    private Delivery purify(Order order, Watch watch) {
        turn.lock();
        Instant begun = clock.instant();
        long start = System.nanoTime();
        working = true;
        Optional<Reason> failure = Optional.empty();
        try {
            Purified purified = purified(order, watch);
            return new Delivery(purified, begun, clock.instant(), Duration.ofNanos(System.nanoTime() - start));
        } catch (Throwable e) {
            failure = Optional.of(Problems.of(e).reason());
            throw e;
        } finally {
            working = false;
            metrics.finished(Duration.ofNanos(System.nanoTime() - start), failure);
            turn.unlock();
        }
    }

    private Purified purified(Order order, Watch watch) {
        try {
            var picture = metrics.stageDuration("decode").record(order.input()::picture);
            return order.chain().run(picture, new PurificationRun(order.seed(), order.noun(), watch));
        } catch (PurificationException e) {
            throw Reason.PARAMETER_INVALID.problem(e.getMessage()).exception(e);
        } catch (CancellationException e) {
            throw watch.why(e);
        }
    }
}
