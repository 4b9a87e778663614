package dev.cloakproof.platform.limits;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The bounded queue of a {@link Batcher}: calls in, batches out. Thread-safe. */
final class BatchQueue<K, I, O> {
    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    private final BatchLimits limits;
    private final Predicate<K> joins;
    private final LinkedList<Call<K, I, O>> calls = new LinkedList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    /** @param joins whether calls with a key go together */
    BatchQueue(BatchLimits limits, Predicate<K> joins) {
        this.limits = limits;
        this.joins = joins;
    }

    Offer offer(Call<K, I, O> call) {
        lock.lock();
        try {
            if (closed) {
                return Offer.CLOSED;
            }
            if (calls.size() >= limits.capacity()) {
                calls.removeIf(waiting -> waiting.answer.isDone()); // cancelled ones hold no place
                if (calls.size() >= limits.capacity()) {
                    return Offer.FULL;
                }
            }
            calls.add(call);
            changed.signalAll();
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next batch: the oldest call and the oldest others of its key. It is complete when it is full, when
     * the oldest call has waited long enough, or when the queue was closed.
     *
     * @return 1 or more calls, or none when the queue is closed and empty
     */
    List<Call<K, I, O>> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (calls.isEmpty()) {
                    if (closed) {
                        return List.of();
                    }
                    changed.await();
                    continue;
                }
                Call<K, I, O> oldest = calls.getFirst();
                long left = oldest.arrived + limits.maxWait().toNanos() - System.nanoTime();
                if (closed || left <= 0 || count(oldest.key) >= most(oldest.key)) {
                    return remove(oldest.key);
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes all that is left. */
    List<Call<K, I, O>> rest() {
        lock.lock();
        try {
            List<Call<K, I, O>> left = List.copyOf(calls);
            calls.clear();
            return left;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return calls.size();
        } finally {
            lock.unlock();
        }
    }

    private int most(K key) {
        return joins.test(key) ? limits.maxBatch() : 1;
    }

    private long count(K key) {
        return calls.stream().filter(call -> call.key.equals(key)).count();
    }

    private List<Call<K, I, O>> remove(K key) {
        List<Call<K, I, O>> batch = new ArrayList<>();
        int most = most(key);
        for (Iterator<Call<K, I, O>> each = calls.iterator(); each.hasNext() && batch.size() < most; ) {
            Call<K, I, O> call = each.next();
            if (call.key.equals(key)) {
                batch.add(call);
                each.remove();
            }
        }
        return batch;
    }
}
