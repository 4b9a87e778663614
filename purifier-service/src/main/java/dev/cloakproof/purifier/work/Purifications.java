package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.limits.BatchLimits;
import dev.cloakproof.platform.limits.Batcher;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.PurificationException;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.Purified;
import dev.cloakproof.tensor.image.PictureException;
import dev.cloakproof.tensor.image.PictureLimits;
import dev.cloakproof.tensor.image.PictureReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Purifies pictures one after the other behind a bounded queue. Thread-safe.
 *
 * <p>Pictures are not joined into batches: a chain takes one picture at a time, so company would only hold answers back.
 */
public final class Purifications implements AutoCloseable {
    /** @param arrived in {@link System#nanoTime} */
    private record Job(Order order, long arrived) {}

    private static final String ANY = "";
    /** The contract's largest picture: 4096 pixels a side. */
    private static final PictureReader READER =
            new PictureReader(new PictureLimits(4096, 1L << 24), PictureReader.Orientation.APPLY);

    private final long mostBytes;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final Batcher<String, Job, Delivery> queue;
    private volatile boolean working;
    private volatile boolean open = true;

    /**
     * Starts the worker.
     *
     * @param capacity pictures that may wait, 1 or more
     * @param mostBytes of an encoded picture
     */
    public Purifications(int capacity, long mostBytes, ServiceMetrics metrics, InstantSource clock) {
        this.mostBytes = mostBytes;
        this.metrics = metrics;
        this.clock = clock;
        this.queue = new Batcher<>("purifier", new BatchLimits(capacity, 1, Duration.ZERO), this::handle, clock);
        metrics.jobs("queued", this, Purifications::waiting);
        metrics.jobs("running", this, purifications -> purifications.working ? 1 : 0);
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
            checkSize(order.picture().length);
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

    /** Whether a picture is being purified now. */
    public boolean working() {
        return working;
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
        Instant begun = clock.instant();
        long start = System.nanoTime();
        working = true;
        Optional<Reason> failure = Optional.empty();
        try {
            Purified purified = purified(job.order(), new Watch(stillWanted));
            return List.of(new Delivery(purified, begun, clock.instant(), Duration.ofNanos(System.nanoTime() - start)));
        } catch (Throwable e) {
            failure = Optional.of(Problems.of(e).reason());
            throw e;
        } finally {
            working = false;
            metrics.finished(Duration.ofNanos(System.nanoTime() - start), failure);
        }
    }

    private Purified purified(Order order, Watch watch) {
        try {
            var picture = metrics.stageDuration("decode").record(() -> READER.read(order.picture()));
            return order.chain().run(picture, new PurificationRun(order.seed(), order.noun(), watch));
        } catch (PictureException e) {
            throw Reason.PICTURE_INVALID
                    .problem(e.getMessage())
                    .with("trouble", e.reason())
                    .exception(e);
        } catch (PurificationException e) {
            throw Reason.PARAMETER_INVALID.problem(e.getMessage()).exception(e);
        } catch (CancellationException e) {
            throw watch.why(e);
        }
    }

    private void count(Throwable failure) {
        metrics.images(Optional.ofNullable(failure).map(e -> Problems.of(e).reason()))
                .increment();
    }
}
