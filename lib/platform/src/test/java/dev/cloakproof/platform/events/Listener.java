package dev.cloakproof.platform.events;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Hears what is published on one topic, from its beginning, with patience. */
final class Listener<M extends Message> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventType<M> type;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<Event<M>> heard = new ArrayList<>();

    Listener(KafkaSettings kafka, EventType<M> type) {
        this.type = type;
        this.consumer = kafka.consumer("listener-" + UUID.randomUUID(), "earliest");
        consumer.subscribe(List.of(type.topic()));
    }

    /** Waits until so many events of a run were heard, and returns them. */
    List<Event<M>> await(String run, int count) {
        Instant end = Instant.now().plus(PATIENCE);
        while (of(run).size() < count) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("expected " + count + " events of " + type.topic() + " for " + run + ", heard "
                        + of(run).size());
            }
            for (ConsumerRecord<String, byte[]> given : consumer.poll(Duration.ofMillis(100))) {
                heard.add(EventCodec.read(type, given));
            }
        }
        return of(run);
    }

    Event<M> await(String run) {
        return await(run, 1).getFirst();
    }

    List<Event<M>> of(String run) {
        return heard.stream().filter(event -> event.correlationId().equals(run)).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
