package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All events about runs that the broker still has. Reading them moves nobody's offsets. */
public final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    private EventLog() {}

    /**
     * Hands every record about runs to a handler, on the calling thread, each partition in order; returns when
     * all that was there at the beginning was handed over. A record that cannot be read is left out and logged.
     *
     * @return records handed over
     * @throws CloakproofException BROKER_UNAVAILABLE, or what the handler throws that a retry may mend
     */
    public static long replay(KafkaSettings kafka, RecordHandler each) {
        Map<String, String> bulk = new HashMap<>(kafka.clientProperties());
        bulk.putIfAbsent("max.poll.records", "500");
        var settings = new KafkaSettings(kafka.bootstrapServers(), bulk);
        long handled = 0;
        try (KafkaConsumer<String, byte[]> consumer = settings.consumer("cloakproof-replay", "earliest")) {
            Set<String> present = topics(settings);
            List<TopicPartition> partitions = EventType.OF_RUNS.stream()
                    .map(EventType::topic)
                    .filter(present::contains)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> given : consumer.poll(Duration.ofMillis(200))) {
                    handled += handle(each, given);
                }
            }
        }
        return handled;
    }

    private static int handle(RecordHandler each, ConsumerRecord<String, byte[]> given) {
        try {
            each.handle(given);
            return 1;
        } catch (CloakproofException failed) {
            if (failed.reason().retryable()) {
                throw failed;
            }
            LOG.warn("left out {}-{}@{}: {}", given.topic(), given.partition(), given.offset(), failed.getMessage());
            return 0;
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Set<String> topics(KafkaSettings kafka) {
        try (Admin admin = Admin.create(kafka.admin())) {
            return admin.listTopics().names().get();
        } catch (ExecutionException failed) {
            throw Reason.BROKER_UNAVAILABLE
                    .problem("could not list the topics: " + failed.getCause())
                    .exception(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Reason.SHUTTING_DOWN
                    .problem("interrupted while listing topics")
                    .exception(interrupted);
        }
    }
}
