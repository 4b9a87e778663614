package dev.cloakproof.service;

import com.google.protobuf.Message;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventCodec;
import dev.cloakproof.platform.events.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Hears what is published on one topic, from its beginning, with patience. */
public final class Heard<M extends Message> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventType<M> type;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<Event<M>> heard = new ArrayList<>();

    /** @param bootstrapServers the test's {@code cloakproof.kafka.bootstrap-servers} */
    public Heard(String bootstrapServers, EventType<M> type) {
        this.type = type;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(type.topic()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
    }

    /** Waits until so many events of a run were heard, and returns them. */
    public List<Event<M>> await(String run, int count) {
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

    public Event<M> await(String run) {
        return await(run, 1).getFirst();
    }

    /** What was heard of a run until now. */
    public List<Event<M>> of(String run) {
        return heard.stream().filter(event -> event.correlationId().equals(run)).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
