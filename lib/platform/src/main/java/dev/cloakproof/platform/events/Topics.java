package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of all event types and of their dead letters. */
public final class Topics {
    private Topics() {}

    /**
     * Creates what is not there yet; topics that exist stay as they are.
     *
     * @param partitions partitions of each topic, 1 or more: at most so many workers share a stage
     * @param replicas copies of each record, 1 to the number of brokers
     */
    public static void create(KafkaSettings kafka, int partitions, short replicas) {
        List<NewTopic> topics = EventType.ALL.stream()
                .flatMap(type -> Stream.of(type.topic(), type.deadLetterTopic()))
                .map(name -> new NewTopic(name, partitions, replicas).configs(Map.of("cleanup.policy", "delete")))
                .toList();
        try (Admin admin = Admin.create(kafka.admin())) {
            Set<String> present = admin.listTopics().names().get();
            admin.createTopics(topics.stream()
                            .filter(topic -> !present.contains(topic.name()))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) { // another service was faster: as good
                throw Reason.BROKER_UNAVAILABLE
                        .problem("could not create the topics: " + failed.getCause())
                        .exception(failed);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Reason.SHUTTING_DOWN
                    .problem("interrupted while creating topics")
                    .exception(interrupted);
        }
    }
}
