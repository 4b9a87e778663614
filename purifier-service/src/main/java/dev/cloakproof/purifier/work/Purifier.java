package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.Attempt;
import dev.cloakproof.purifier.purify.PurificationException;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.Purified;
import dev.cloakproof.tensor.image.PictureFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

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
        return purify(List.of(order), stillWanted, progress).getFirst().orThrow();
    }

    /**
     * Waits for its turn and purifies pictures together. One that cannot be decoded, or that a step refuses, fails alone.
     * If all fail at once, each is tried alone: the memory that all need may be there for one.
     *
     * @param orders 1 or more, with equal chains
     * @param stillWanted asked many times a second; throws where the work on all of them should end
     * @param progress is told how far each step of the chain is
     * @return one an order
     */
    public List<Outcome> purify(List<Order> orders, Runnable stillWanted, Progress progress) {
        if (orders.stream().map(Order::chain).distinct().count() != 1) {
            throw new IllegalArgumentException("pictures that go together have one chain");
        }
        List<Work> works = orders.stream().map(Work::new).toList();
        atWork.addAndGet(works.size());
        try {
            works.forEach(Work::decode);
            List<Work> decoded =
                    works.stream().filter(work -> work.given != null).toList();
            if (!decoded.isEmpty()) {
                inTurn(decoded, new Watch(stillWanted, progress));
            }
        } finally {
            atWork.addAndGet(-works.size());
        }
        works.forEach(work -> metrics.finished(work.time(), work.outcome.failure()));
        return works.stream().map(work -> work.outcome).toList();
    }

    /** Is told how far a step of a chain is. */
    @FunctionalInterface
    public interface Progress {
        /** @param done of {@code total} parts of the step, which differ in length */
        void progress(String step, int done, int total);
    }

    private void inTurn(List<Work> works, Watch watch) {
        turn.lock();
        try {
            Optional<Throwable> failure = tried(works, watch);
            if (failure.isPresent() && works.size() > 1 && !watch.cancelled()) {
                works.forEach(work -> tried(List.of(work), watch).ifPresent(work::fail));
            } else {
                failure.ifPresent(why -> works.forEach(work -> work.fail(why)));
            }
        } finally {
            turn.unlock();
        }
    }

    /** Gives each its outcome, or returns why there is none for any. */
    private static Optional<Throwable> tried(List<Work> works, Watch watch) {
        long begun = System.nanoTime();
        List<PurificationRun> runs = works.stream()
                .map(work -> new PurificationRun(work.order.seed(), work.order.noun(), watch))
                .toList();
        List<Attempt> attempts;
        try {
            attempts = works.getFirst()
                    .order
                    .chain()
                    .run(works.stream().map(work -> work.given.picture()).toList(), runs);
        } catch (CancellationException e) {
            return Optional.of(watch.why(e));
        } catch (RuntimeException | Error e) {
            return Optional.of(e);
        } finally {
            long took = System.nanoTime() - begun;
            works.forEach(work -> work.nanos += took);
        }
        for (int i = 0; i < attempts.size(); i++) {
            works.get(i).end(attempts.get(i), runs.get(i));
        }
        return Optional.empty();
    }

    /** A picture at work. For one thread. */
    private final class Work {
        private final Order order;
        private final Instant begun = clock.instant();
        /** Decoding, and the chain with all that went with it: work, without the wait for a turn. */
        private long nanos;

        private PictureFile given;
        private Outcome outcome;

        Work(Order order) {
            this.order = order;
        }

        void decode() {
            long start = System.nanoTime();
            try {
                given = metrics.stageDuration("decode").record(order.input()::open);
            } catch (RuntimeException | Error e) {
                fail(e);
            } finally {
                nanos += System.nanoTime() - start;
            }
        }

        void end(Attempt attempt, PurificationRun run) {
            switch (attempt) {
                case Attempt.Made(var picture) -> {
                    var purified = new Purified(picture, run.notes(), run.facesFound());
                    outcome = new Outcome.Done(new Delivery(purified, given, begun, clock.instant(), time()));
                }
                case Attempt.Refused(var why) -> fail(why);
            }
        }

        void fail(Throwable why) {
            outcome = new Outcome.Failed(
                    why instanceof PurificationException
                            ? Reason.PICTURE_UNSUITABLE
                                    .problem(why.getMessage())
                                    .exception(why)
                            : why);
        }

        Duration time() {
            return Duration.ofNanos(nanos);
        }
    }
}
