package dev.cloakproof.platform.limits;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Joins concurrent calls into batches behind a bounded queue. Each worker handles batches one after the other, the
 * oldest call first; calls with an equal key may go with it. Thread-safe.
 *
 * <p>A call whose future was cancelled or whose deadline passed is not begun. One whose deadline passes at work fails at
 * the next step; the work goes on for the others of its batch, and is stopped when nobody waits for it any more.
 *
 * @param <K> what calls of a batch have in common, such as method and picture size; needs equals
 * @param <I> one call's input
 * @param <O> one call's output
 */
public final class Batcher<K, I, O> implements AutoCloseable {
    private static final Duration FIRST_GUESS = Duration.ofSeconds(1);

    private final BatchLimits limits;
    private final BatchWork<K, I, O> work;
    private final InstantSource clock;
    private final BatchQueue<K, I, O> queue;
    private final List<Thread> workers;
    private volatile Duration typicalCall;

    /** A batcher with one worker. */
    public Batcher(String name, BatchLimits limits, BatchWork<K, I, O> work, InstantSource clock) {
        this(name, limits, 1, work, clock);
    }

    /**
     * Starts the workers.
     *
     * @param name that their threads' begin with
     * @param workers threads that handle batches, 1 or more
     * @param clock for deadlines and for the guess when a retry makes sense
     */
    public Batcher(String name, BatchLimits limits, int workers, BatchWork<K, I, O> work, InstantSource clock) {
        if (workers < 1) {
            throw new IllegalArgumentException("expected 1 worker or more, found " + workers);
        }
        this.limits = limits;
        this.work = work;
        this.clock = clock;
        this.queue = new BatchQueue<>(limits, work::joins);
        this.typicalCall = FIRST_GUESS.dividedBy(limits.maxBatch());
        this.workers = IntStream.range(0, workers)
                .mapToObj(i -> Thread.ofPlatform().name(name + "-" + i).start(this::handleAll))
                .toList();
    }

    /**
     * Queues a call.
     *
     * @param deadline when the answer is worthless; empty for never
     * @return the answer; cancelling it withdraws the call
     * @throws CloakproofException QUEUE_FULL with a guess when to retry, or SHUTTING_DOWN
     */
    public CompletableFuture<O> submit(K key, I input, Optional<Instant> deadline) {
        Call<K, I, O> call = new Call<>(key, input, deadline);
        return switch (queue.offer(call)) {
            case TAKEN -> call.answer;
            case FULL -> throw full().exception();
            case CLOSED ->
                throw Reason.SHUTTING_DOWN
                        .problem("the service takes no new work")
                        .exception();
        };
    }

    /** Calls that wait now, 0 to the capacity. */
    public int waiting() {
        return queue.size();
    }

    /** Takes no new calls, finishes those that wait, and returns when all are answered. */
    @Override
    public void close() {
        queue.close();
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException interrupted) {
            workers.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private void handleAll() {
        try {
            for (List<Call<K, I, O>> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
                Instant begun = clock.instant();
                handle(batch);
                Duration took = Duration.between(begun, clock.instant());
                // Workers may overwrite each other's: it is a guess.
                typicalCall = typicalCall
                        .multipliedBy(3)
                        .plus(took.dividedBy(batch.size()))
                        .dividedBy(4);
            }
        } catch (InterruptedException interrupted) {
            queue.close();
            Problem why = Reason.SHUTTING_DOWN.problem("the service stopped before the call was handled");
            queue.rest().forEach(call -> call.fail(why.exception(interrupted)));
        }
    }

    private void handle(List<Call<K, I, O>> batch) {
        List<Call<K, I, O>> wanted = new ArrayList<>();
        for (Call<K, I, O> call : batch) {
            call.unwanted(clock.instant()).ifPresentOrElse(why -> call.fail(why.exception()), () -> wanted.add(call));
        }
        if (wanted.isEmpty()) {
            return;
        }
        try {
            List<O> outputs = work.handle(
                    wanted.getFirst().key,
                    wanted.stream().map(call -> call.input).toList(),
                    () -> check(wanted));
            if (outputs.size() != wanted.size()) {
                throw new IllegalStateException("expected " + wanted.size() + " outputs, found " + outputs.size());
            }
            for (int i = 0; i < outputs.size(); i++) {
                wanted.get(i).answer.complete(outputs.get(i));
            }
        } catch (Throwable failed) {
            if (wanted.size() == 1) {
                wanted.getFirst().fail(failed);
            } else {
                wanted.forEach(call -> handle(List.of(call)));
            }
        }
    }

    /** Answers those that nobody waits for, and stops the work when all are; the reason of the first says why. */
    private void check(List<Call<K, I, O>> batch) {
        Instant now = clock.instant();
        List<Problem> unwanted = new ArrayList<>();
        for (Call<K, I, O> call : batch) {
            call.unwanted(now).ifPresent(why -> {
                unwanted.add(why);
                call.fail(why.exception());
            });
        }
        if (unwanted.size() == batch.size()) {
            throw unwanted.getFirst().exception();
        }
    }

    private Problem full() {
        return Reason.QUEUE_FULL
                .problem("expected room in the queue, found " + limits.capacity() + " calls waiting")
                .with("capacity", limits.capacity())
                .retryAfter(typicalCall.multipliedBy(limits.capacity()).dividedBy(workers.size()));
    }
}
