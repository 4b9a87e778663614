package dev.cloakproof.platform.events;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers comma-separated {@code host:port}
 * @param clientProperties further properties of every client, such as TLS and SASL; they win over ours
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> clientProperties) {
    public KafkaSettings(String bootstrapServers) {
        this(bootstrapServers, Map.of());
    }

    /** Properties for an admin client. */
    public Map<String, Object> admin() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.putAll(clientProperties);
        return properties;
    }

    /** A producer that has a record on all in-sync replicas before it says so, in order and without duplicates. */
    KafkaProducer<String, byte[]> producer() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        properties.put("delivery.timeout.ms", 30_000);
        properties.put("request.timeout.ms", 10_000);
        properties.put("max.block.ms", 10_000);
        properties.putAll(admin());
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** A consumer that hands out one record at a time and commits only when told to. */
    KafkaConsumer<String, byte[]> consumer(String group, String whereToBegin) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("group.id", group);
        properties.put("enable.auto.commit", false);
        properties.put("max.poll.records", 1);
        properties.put("auto.offset.reset", whereToBegin);
        properties.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        properties.put("default.api.timeout.ms", 10_000);
        properties.put("request.timeout.ms", 8_000);
        properties.putAll(admin());
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
