package dev.cloakproof.sampler.work;

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

/** Calls wait here for the drawings, in a bounded queue. Thread-safe. */
public final class DrawingQueue implements AutoCloseable {
    private static final String ANY = "";

    /** What a call has drawn. */
    public interface Drawing {
        /** @param stillWanted to be asked at every step: throws where the drawing should end */
        void draw(Drawings drawings, Runnable stillWanted);
    }

    /** @param arrived in {@link System#nanoTime} */
    private record Job(Drawing drawing, long arrived) {}

    private final Drawings drawings;
    private final ServiceMetrics metrics;
    private final Batcher<String, Job, Boolean> queue;
    private volatile boolean open = true;

    /**
     * Starts the worker.
     *
     * @param capacity calls that may wait, 1 or more
     */
    public DrawingQueue(Drawings drawings, int capacity, ServiceMetrics metrics, InstantSource clock) {
        this.drawings = drawings;
        this.metrics = metrics;
        this.queue = new Batcher<>("sampler", new BatchLimits(capacity, 1, Duration.ZERO), this::handle, clock);
        metrics.jobs("queued", this, DrawingQueue::waiting);
    }

    /**
     * Queues a call.
     *
     * @param deadline when the pictures are worthless; empty for never
     * @return ends with the drawing; cancelling it withdraws the call, or stops its drawing at the next step
     * @throws dev.cloakproof.platform.errors.CloakproofException QUEUE_FULL or SHUTTING_DOWN
     */
    public CompletableFuture<Boolean> submit(Drawing drawing, Optional<Instant> deadline) {
        return queue.submit(ANY, new Job(drawing, System.nanoTime()), deadline);
    }

    /** Calls that wait now. */
    public int waiting() {
        return queue.waiting();
    }

    /** Whether more calls are taken. */
    public boolean open() {
        return open;
    }

    /** Takes no more calls, and ends those that wait or draw at their next step: a drawing may take hours. */
    @Override
    public void close() {
        open = false;
        queue.close();
    }

    private List<Boolean> handle(String any, List<Job> jobs, Runnable stillWanted) {
        Job job = jobs.getFirst();
        metrics.waited(Duration.ofNanos(System.nanoTime() - job.arrived()));
        job.drawing().draw(drawings, () -> {
            if (!open) {
                throw Reason.SHUTTING_DOWN.problem("the service shuts down").exception();
            }
            stillWanted.run();
        });
        return List.of(true);
    }
}
