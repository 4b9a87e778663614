package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records one at a time and has a worker thread handle them, for seconds or for hours: meanwhile the partitions
 * are paused and polling goes on, so the group keeps its member. An offset is committed when its record was handled or
 * lies with the dead letters, never before. A crash brings the record back.
 */
public final class EventConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<String, byte[]> consumer;
    private final RecordHandler handler;
    private final DeadLetters deadLetters;
    private final RetryPolicy retries;
    private final String group;
    private final ExecutorService worker;
    private final Thread poller;
    private final CountDownLatch draining = new CountDownLatch(1);

    private Work current;

    /** A record at work; the future ends when its offset may be committed. */
    private record Work(ConsumerRecord<String, byte[]> given, CompletableFuture<Void> done) {}

    private EventConsumer(
            KafkaConsumer<String, byte[]> consumer,
            String group,
            List<String> topics,
            RecordHandler handler,
            DeadLetters deadLetters,
            RetryPolicy retries) {
        this.consumer = consumer;
        this.group = group;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.retries = retries;
        this.worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(group + "-worker").factory());
        consumer.subscribe(topics, new PauseNewcomers());
        this.poller = Thread.ofPlatform().name(group + "-poller").start(this::poll);
    }

    /** Starts consuming topics as a member of a group: each record goes to one member. */
    public static EventConsumer shared(
            KafkaSettings kafka,
            String group,
            List<String> topics,
            RecordHandler handler,
            DeadLetters deadLetters,
            RetryPolicy retries) {
        return new EventConsumer(kafka.consumer(group, "earliest"), group, topics, handler, deadLetters, retries);
    }

    /**
     * Starts consuming topics alone: every such consumer gets every record published from now on. For commands, which
     * each worker has to hear; what was published before is found in the store.
     */
    public static EventConsumer broadcast(
            KafkaSettings kafka,
            String name,
            List<String> topics,
            RecordHandler handler,
            DeadLetters deadLetters,
            RetryPolicy retries) {
        String group = name + "-" + UUID.randomUUID();
        return new EventConsumer(kafka.consumer(group, "latest"), group, topics, handler, deadLetters, retries);
    }

    /** Begins to leave: takes no further record, and does not try again what fails for a passing reason. */
    public void drain() {
        draining.countDown();
    }

    /**
     * Ends polling, waits for the record at work, commits it and leaves the group. A record that fails for a passing
     * reason meanwhile, such as SHUTTING_DOWN, is not committed: it comes again, here or elsewhere.
     */
    @Override
    public void close() {
        drain();
        join(poller);
    }

    /** Interrupts the record at work and leaves without committing it: it comes again, here or elsewhere. */
    public void abandon() {
        drain();
        worker.shutdownNow();
        join(poller);
    }

    private void poll() {
        try {
            while (!draining() || current != null) {
                step();
            }
        } finally {
            worker.shutdownNow();
            consumer.close();
        }
    }

    private void step() {
        try {
            for (ConsumerRecord<String, byte[]> given : consumer.poll(POLL)) {
                if (draining()) {
                    return; // not committed: it comes again
                }
                consumer.pause(consumer.assignment());
                current = new Work(given, CompletableFuture.runAsync(() -> handle(given), worker));
            }
            if (current != null && current.done().isDone()) {
                finish(current);
            }
        } catch (KafkaException unreachable) {
            // Not committed: the next step tries again, or a rebalance gives the record to somebody else.
            LOG.warn("{}: {}", group, unreachable.toString());
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void finish(Work work) {
        TopicPartition partition =
                new TopicPartition(work.given().topic(), work.given().partition());
        boolean ours = consumer.assignment().contains(partition);
        if (ours && work.done().isCompletedExceptionally()) {
            consumer.seek(partition, work.given().offset());
        } else if (ours) {
            consumer.commitSync(
                    Map.of(partition, new OffsetAndMetadata(work.given().offset() + 1)));
        }
        current = null;
        consumer.resume(consumer.paused());
    }

    private void handle(ConsumerRecord<String, byte[]> given) {
        for (int tried = 1; ; tried++) {
            try {
                handler.handle(given);
                return;
            } catch (Throwable failed) {
                Problem why = Problems.of(failed);
                boolean leaving = draining() && why.reason().retryable();
                if (leaving || Thread.currentThread().isInterrupted() || failed instanceof InterruptedException) {
                    throw why.exception(failed);
                }
                if (!retries.again(why.reason(), tried)) {
                    bury(given, why, failed);
                    return;
                }
                LOG.info("{}: try {} of {} failed, will try again: {}", group, tried, given.topic(), why.message());
                pause(tried);
            }
        }
    }

    private void bury(ConsumerRecord<String, byte[]> given, Problem why, Throwable failed) {
        LOG.warn("{}: gave up {}-{}@{}", group, given.topic(), given.partition(), given.offset(), failed);
        for (int tried = 1; ; tried++) {
            try {
                handler.givenUp(given, why);
                deadLetters.bury(given, why);
                return;
            } catch (CloakproofException away) {
                if (!away.reason().retryable()
                        || draining()
                        || Thread.currentThread().isInterrupted()) {
                    throw away;
                }
                pause(tried);
            }
        }
    }

    private boolean draining() {
        return draining.getCount() == 0;
    }

    /** Waits before the next try, or until the consumer is to leave. */
    private void pause(int tried) {
        try {
            Duration delay = retries.delay(tried, ThreadLocalRandom.current().nextDouble());
            draining.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Reason.SHUTTING_DOWN
                    .problem("interrupted while waiting for the next try")
                    .exception(interrupted);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A rebalance hands out partitions that are not paused; while a record is at work they wait too. */
    private final class PauseNewcomers implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            // The record at work goes on under its lease; its commit is skipped, and it comes again elsewhere.
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            if (current != null) {
                consumer.pause(assigned);
            }
        }
    }
}
