package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes to Kafka through one producer. */
public final class KafkaEventPublisher implements EventPublisher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventPublisher.class);

    private final KafkaProducer<String, byte[]> producer;

    public KafkaEventPublisher(KafkaSettings kafka) {
        this.producer = kafka.producer();
    }

    @Override
    public void publish(Event<?> event) {
        send(EventCodec.write(event));
    }

    @Override
    public void publishLossy(Event<?> event) {
        try {
            producer.send(EventCodec.write(event), (_, failed) -> {
                if (failed != null) {
                    LOG.debug("lost an event of {}: {}", event.type().topic(), failed.toString());
                }
            });
        } catch (KafkaException failed) {
            LOG.debug("lost an event of {}: {}", event.type().topic(), failed.toString());
        }
    }

    /** Hands a record over and waits for the broker's word. */
    void send(ProducerRecord<String, byte[]> outgoing) {
        try {
            producer.send(outgoing).get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Reason.SHUTTING_DOWN
                    .problem("interrupted while publishing to " + outgoing.topic())
                    .exception(interrupted);
        } catch (ExecutionException | KafkaException failed) {
            throw Reason.BROKER_UNAVAILABLE
                    .problem("could not publish to " + outgoing.topic() + ": " + failed.getMessage())
                    .with("topic", outgoing.topic())
                    .exception(failed);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
