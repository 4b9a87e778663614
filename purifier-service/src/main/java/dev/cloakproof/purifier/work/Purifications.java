package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.limits.BatchLimits;
import dev.cloakproof.platform.limits.Batcher;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Takes pictures of calls to the purifier through a bounded queue. Thread-safe.
 *
 * <p>Pictures of different calls are not joined into batches, though chains take several: on a CPU they gain nothing
 * together, and company would hold answers back.
 */
public final class Purifications implements AutoCloseable {
    /** @param arrived in {@link System#nanoTime} */
    private record Job(Order order, long arrived) {}

    private static final String ANY = "";

    private final Purifier purifier;
    private final long mostBytes;
    private final ServiceMetrics metrics;
    private final Batcher<String, Job, Delivery> queue;
    private volatile boolean open = true;

    /**
     * Starts the workers.
     *
     * @param capacity pictures that may wait, 1 or more
     * @param workers pictures that may be decoded and encoded at once, 1 or more
     * @param mostBytes of an encoded picture
     */
    public Purifications(
            Purifier purifier, int capacity, int workers, long mostBytes, ServiceMetrics metrics, InstantSource clock) {
        this.purifier = purifier;
        this.mostBytes = mostBytes;
        this.metrics = metrics;
        this.queue =
                new Batcher<>("purifier", new BatchLimits(capacity, 1, Duration.ZERO), workers, this::handle, clock);
        metrics.jobs("queued", this, Purifications::waiting);
    }

    /**
     * Queues a picture.
     *
     * @param deadline when the answer is worthless; empty for never
     * @return the answer; cancelling it withdraws the picture, or stops the work on it at its next step
     * @throws dev.cloakproof.platform.errors.CloakproofException PAYLOAD_TOO_LARGE, QUEUE_FULL or SHUTTING_DOWN
     */
    public CompletableFuture<Delivery> submit(Order order, Optional<Instant> deadline) {
        try {
            checkSize(order.input().size());
            CompletableFuture<Delivery> answer = queue.submit(ANY, new Job(order, System.nanoTime()), deadline);
            answer.whenComplete((_, failure) -> count(failure));
            return answer;
        } catch (RuntimeException e) {
            count(e);
            throw e;
        }
    }

    /** Pictures that wait now. */
    public int waiting() {
        return queue.waiting();
    }

    /** Whether more pictures are taken. */
    public boolean open() {
        return open;
    }

    /** Takes no more pictures and returns when all that wait are purified. */
    @Override
    public void close() {
        open = false;
        queue.close();
    }

    private void checkSize(int bytes) {
        if (bytes > mostBytes) {
            throw Reason.PAYLOAD_TOO_LARGE
                    .problem("expected a picture of at most " + mostBytes + " bytes, found " + bytes)
                    .with("maximum", mostBytes)
                    .with("found", bytes)
                    .exception();
        }
    }

    private List<Delivery> handle(String any, List<Job> jobs, Runnable stillWanted) {
        Job job = jobs.getFirst();
        metrics.waited(Duration.ofNanos(System.nanoTime() - job.arrived()));
        return List.of(purifier.purify(job.order(), stillWanted, (_, _, _) -> {}));
    }

    private void count(Throwable failure) {
        metrics.images(Optional.ofNullable(failure).map(e -> Problems.of(e).reason()))
                .increment();
    }
}
