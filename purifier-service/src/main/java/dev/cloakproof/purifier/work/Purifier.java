package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.PurificationException;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.Purified;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Runs one chain at a time, whoever asks: calls and events take turns, for two chains at once would share the device and
 * its memory. Pictures are decoded before their turn comes. Thread-safe.
 */
public final class Purifier {
    private final ReentrantLock turn = new ReentrantLock(true);
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final AtomicInteger atWork = new AtomicInteger();

    public Purifier(ServiceMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        metrics.jobs("running", this, Purifier::working);
    }

    /** Pictures that are being purified now, or are decoded and wait for their turn. */
    public int working() {
        return atWork.get();
    }

    /**
     * Waits for its turn and purifies a picture.
     *
     * @param stillWanted asked many times a second; throws where the work should end
     * @param progress is told how far each step of the chain is
     * @throws dev.cloakproof.platform.errors.CloakproofException PICTURE_INVALID, PICTURE_UNSUITABLE, or what
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
        Instant begun = clock.instant();
        Stopwatch stopwatch = new Stopwatch();
        Optional<Reason> failure = Optional.empty();
        atWork.incrementAndGet();
        try {
            PictureFile given =
                    stopwatch.time(() -> metrics.stageDuration("decode").record(order.input()::open));
            turn.lock();
            try {
                Purified purified = stopwatch.time(() -> purified(order, given.picture(), watch));
                return new Delivery(purified, given, begun, clock.instant(), stopwatch.elapsed());
            } finally {
                turn.unlock();
            }
        } catch (Throwable e) {
            failure = Optional.of(Problems.of(e).reason());
            throw e;
        } finally {
            atWork.decrementAndGet();
            metrics.finished(stopwatch.elapsed(), failure);
        }
    }

    private static Purified purified(Order order, Picture picture, Watch watch) {
        try {
            return order.chain().run(picture, new PurificationRun(order.seed(), order.noun(), watch));
        } catch (PurificationException e) {
            throw Reason.PICTURE_UNSUITABLE.problem(e.getMessage()).exception(e);
        } catch (CancellationException e) {
            throw watch.why(e);
        }
    }

    /** Adds up what is work, without the wait for a turn. */
    private static final class Stopwatch {
        private long nanos;

        <T> T time(Supplier<T> work) {
            long begun = System.nanoTime();
            try {
                return work.get();
            } finally {
                nanos += System.nanoTime() - begun;
            }
        }

        Duration elapsed() {
            return Duration.ofNanos(nanos);
        }
    }
}
