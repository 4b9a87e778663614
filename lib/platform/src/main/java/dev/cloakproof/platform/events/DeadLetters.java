package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** The dead-letter topics: writing to them, looking at them, and sending their records back. */
public final class DeadLetters {
    /** Its committed offsets say up to where letters were dealt with. */
    private static final String GROUP = "cloakproof-dead-letters";

    private final KafkaSettings kafka;
    private final KafkaEventPublisher publisher;

    public DeadLetters(KafkaSettings kafka, KafkaEventPublisher publisher) {
        this.kafka = kafka;
        this.publisher = publisher;
    }

    /** Dead-letter topic of a topic. */
    public static String topicOf(String topic) {
        return topic + ".dead-letter";
    }

    /** Puts a record aside; returns when the broker has it. */
    public void bury(ConsumerRecord<String, byte[]> given, Problem why) {
        ProducerRecord<String, byte[]> letter =
                new ProducerRecord<>(topicOf(given.topic()), null, given.key(), given.value(), given.headers());
        header(letter, "reason", why.reason().name());
        header(letter, "cause", why.message());
        header(letter, "topic", given.topic());
        header(letter, "partition", Integer.toString(given.partition()));
        header(letter, "offset", Long.toString(given.offset()));
        publisher.send(letter);
    }

    /** Letters of a topic that were not dealt with yet, the oldest of each partition first. */
    public List<DeadLetter> waiting(String topic) {
        List<DeadLetter> letters = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(topic)) {
            forEachWaiting(consumer, letters::add);
        }
        return letters;
    }

    /**
     * Sends waiting letters back to where they came from and marks them as dealt with. A crash in between sends a
     * record twice, which handlers bear.
     *
     * @param chosen which letters go back; the others are dropped for good
     * @return how many went back
     */
    public int replay(String topic, Predicate<DeadLetter> chosen) {
        int[] replayed = {0};
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(topic)) {
            forEachWaiting(consumer, letter -> {
                if (chosen.test(letter)) {
                    publisher.send(letter.original());
                    replayed[0]++;
                }
                done.put(
                        new TopicPartition(topicOf(topic), letter.partition()),
                        new OffsetAndMetadata(letter.offset() + 1));
            });
            consumer.commitSync(done);
        }
        return replayed[0];
    }

    private KafkaConsumer<String, byte[]> consumer(String topic) {
        KafkaConsumer<String, byte[]> consumer = kafka.consumer(GROUP, "earliest");
        // Assigned by hand: looking must not make the group rebalance.
        consumer.assign(consumer.partitionsFor(topicOf(topic)).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        return consumer;
    }

    private static void forEachWaiting(KafkaConsumer<String, byte[]> consumer, Consumer<DeadLetter> use) {
        Set<TopicPartition> partitions = consumer.assignment();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            for (ConsumerRecord<String, byte[]> letter : consumer.poll(Duration.ofMillis(100))) {
                TopicPartition partition = new TopicPartition(letter.topic(), letter.partition());
                if (letter.offset() < ends.get(partition)) {
                    use.accept(DeadLetter.read(letter));
                }
            }
        }
    }

    private static void header(ProducerRecord<String, byte[]> letter, String name, String value) {
        letter.headers().remove(DeadLetter.PREFIX + name);
        EventCodec.add(letter.headers(), DeadLetter.PREFIX + name, value);
    }
}
