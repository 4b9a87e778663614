package dev.cloakproof.platform.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record that nobody could handle, with the reason. On its topic it is the original record (key, value, headers)
 * with headers {@code dead-letter-*} added; the names are those of SmallRye's dead-letter queue.
 *
 * @param offset where it lies on the dead-letter topic's partition
 * @param partition the dead-letter topic's partition
 * @param topic where the record came from
 * @param reason key of the error catalogue
 * @param cause what was expected and what was found
 * @param time when it was given up
 * @param original the record as it was
 */
public record DeadLetter(
        long offset,
        int partition,
        String topic,
        String reason,
        String cause,
        Instant time,
        ProducerRecord<String, byte[]> original) {
    static final String PREFIX = "dead-letter-";

    static DeadLetter read(ConsumerRecord<String, byte[]> letter) {
        String topic = header(letter, "topic");
        List<Header> headers = Arrays.stream(letter.headers().toArray())
                .filter(header -> !header.key().startsWith(PREFIX))
                .toList();
        return new DeadLetter(
                letter.offset(),
                letter.partition(),
                topic,
                header(letter, "reason"),
                header(letter, "cause"),
                Instant.ofEpochMilli(letter.timestamp()),
                new ProducerRecord<>(topic, null, letter.key(), letter.value(), headers));
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(PREFIX + name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
