package dev.cloakproof.platform.events;

import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What one pod of a service runs: the stage's consumer and the listener to cancel commands. */
final class Pod implements AutoCloseable {
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(3);
    private static final RetryPolicy QUICK = new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(100));

    final KafkaEventPublisher publisher;
    final DeadLetters deadLetters;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Cancellations cancellations;
    private final EventConsumer consumer;
    private final EventConsumer commands;

    Pod(KafkaSettings kafka, ObjectStore objects, ScriptedStage stage) {
        publisher = new KafkaEventPublisher(kafka);
        deadLetters = new DeadLetters(kafka, publisher);
        cancellations = new Cancellations(objects);
        InstantSource clock = InstantSource.system();
        var around = new StageRunner.Surroundings(
                "/purifier",
                objects,
                new Leases(objects, clock, UUID.randomUUID().toString(), TIME_TO_LIVE),
                new LeaseKeeper(scheduler, TIME_TO_LIVE),
                cancellations,
                publisher,
                clock);
        commands = EventConsumer.broadcast(
                kafka, "purifier-commands", Cancellations.TOPICS, cancellations, deadLetters, QUICK);
        consumer = EventConsumer.shared(
                kafka,
                "purifier",
                List.of(EventType.UPLOAD_RECEIVED.topic()),
                new StageRunner<>(stage, around),
                deadLetters,
                QUICK);
    }

    /** Stops in the middle of the work. */
    void crash() {
        consumer.abandon();
        closeOthers();
    }

    /** Stops work that can be begun again, and leaves. */
    void shutDown() {
        consumer.drain();
        cancellations.stopAll(Reason.SHUTTING_DOWN.problem("the pod leaves"));
        close();
    }

    @Override
    public void close() {
        consumer.close();
        closeOthers();
    }

    private void closeOthers() {
        commands.close();
        publisher.close();
        scheduler.shutdownNow();
    }
}
