package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.limits.BatchLimits;
import dev.cloakproof.platform.limits.BatchWork;
import dev.cloakproof.platform.limits.Batcher;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.Chain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Takes pictures of calls to the purifier through a bounded queue. Thread-safe.
 *
 * <p>Pictures of different calls go together where their chains are equal and gain by it. Each keeps its own seed, noun
 * and end: one that cannot be decoded, is refused, cancelled or too late fails alone.
 */
public final class Purifications implements AutoCloseable {
    /** @param arrived in {@link System#nanoTime} */
    private record Job(Order order, long arrived) {}

    private final Purifier purifier;
    private final long mostBytes;
    private final ServiceMetrics metrics;
    private final Batcher<Chain, Job, Outcome> queue;
    private volatile boolean open = true;

    /**
     * Starts the workers.
     *
     * @param limits pictures that may wait, that go together, and how long the first waits for others
     * @param workers pictures that may be decoded and encoded at once, 1 or more
     * @param mostBytes of an encoded picture
     */
    public Purifications(
            Purifier purifier,
            BatchLimits limits,
            int workers,
            long mostBytes,
            ServiceMetrics metrics,
            InstantSource clock) {
        this.purifier = purifier;
        this.mostBytes = mostBytes;
        this.metrics = metrics;
        this.queue = new Batcher<>("purifier", limits, workers, new Together(), clock);
        metrics.jobs("queued", this, Purifications::waiting);
    }

    /**
     * Queues a picture.
     *
     * @param deadline when the answer is worthless; empty for never
     * @return the answer; cancelling it withdraws the picture, or stops the work at its next step if no other picture is
     *     in it
     * @throws dev.cloakproof.platform.errors.CloakproofException PAYLOAD_TOO_LARGE, QUEUE_FULL or SHUTTING_DOWN
     */
    public CompletableFuture<Outcome> submit(Order order, Optional<Instant> deadline) {
        try {
            checkSize(order.input().size());
            var job = new Job(order, System.nanoTime());
            CompletableFuture<Outcome> answer = queue.submit(order.chain(), job, deadline);
            answer.whenComplete((outcome, failure) -> count(failure == null ? outcome : new Outcome.Failed(failure)));
            return answer;
        } catch (RuntimeException e) {
            count(new Outcome.Failed(e));
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

    private void count(Outcome outcome) {
        metrics.images(outcome.failure()).increment();
    }

    private final class Together implements BatchWork<Chain, Job, Outcome> {
        @Override
        public boolean joins(Chain chain) {
            return chain.gainsTogether();
        }

        @Override
        public List<Outcome> handle(Chain chain, List<Job> jobs, Runnable stillWanted) {
            long now = System.nanoTime();
            jobs.forEach(job -> metrics.waited(Duration.ofNanos(now - job.arrived())));
            return purifier.purify(jobs.stream().map(Job::order).toList(), stillWanted, (_, _, _) -> {});
        }
    }
}
