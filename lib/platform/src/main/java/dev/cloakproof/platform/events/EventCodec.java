package dev.cloakproof.platform.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Events as Kafka records: CloudEvents 1.0, Kafka binding, binary mode. Attributes are headers {@code ce_*}, the value
 * is the protobuf payload, the key is the run id, so events of a run stay in order.
 */
public final class EventCodec {
    static final String CONTENT_TYPE = "application/protobuf";

    private EventCodec() {}

    public static ProducerRecord<String, byte[]> write(Event<?> event) {
        ProducerRecord<String, byte[]> written = new ProducerRecord<>(
                event.type().topic(), event.correlationId(), event.payload().toByteArray());
        Headers headers = written.headers();
        add(headers, "content-type", CONTENT_TYPE);
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_type", event.type().cloudEventType());
        add(headers, "ce_id", event.id());
        add(headers, "ce_source", event.source());
        add(headers, "ce_subject", event.subject());
        add(headers, "ce_time", event.time().toString());
        add(headers, "ce_dataschema", event.type().schema());
        add(headers, "ce_correlationid", event.correlationId());
        event.causationId().ifPresent(cause -> add(headers, "ce_causationid", cause));
        // Tracing tools look for the plain W3C name, CloudEvents readers for the extension.
        event.traceparent().ifPresent(trace -> {
            add(headers, "traceparent", trace);
            add(headers, "ce_traceparent", trace);
        });
        return written;
    }

    /**
     * Reads an event.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException EVENT_UNREADABLE if an attribute is missing, the type
     *     is another, or the payload is no such message
     */
    public static <M extends Message> Event<M> read(EventType<M> type, ConsumerRecord<String, byte[]> record) {
        Headers headers = record.headers();
        String found = required(record, "ce_type");
        if (!found.equals(type.cloudEventType())) {
            throw unreadable(record, "expected ce_type " + type.cloudEventType() + ", found " + found)
                    .exception();
        }
        return new Event<>(
                type,
                required(record, "ce_id"),
                required(record, "ce_source"),
                required(record, "ce_subject"),
                time(record),
                required(record, "ce_correlationid"),
                text(headers, "ce_causationid"),
                text(headers, "traceparent"),
                payload(type, record));
    }

    private static <M extends Message> M payload(EventType<M> type, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw unreadable(record, "expected a " + type.schema() + ", found no payload")
                    .exception();
        }
        try {
            return type.parser().parseFrom(record.value());
        } catch (InvalidProtocolBufferException damaged) {
            throw unreadable(record, "expected a " + type.schema() + ", found " + damaged.getMessage())
                    .exception(damaged);
        }
    }

    private static Instant time(ConsumerRecord<String, byte[]> record) {
        String text = required(record, "ce_time");
        try {
            return Instant.parse(text);
        } catch (DateTimeException damaged) {
            throw unreadable(record, "expected an RFC 3339 ce_time, found " + text)
                    .exception(damaged);
        }
    }

    private static String required(ConsumerRecord<String, byte[]> record, String name) {
        return text(record.headers(), name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> unreadable(record, "expected a header " + name + ", found none")
                        .exception());
    }

    private static Problem unreadable(ConsumerRecord<String, byte[]> record, String message) {
        return Reason.EVENT_UNREADABLE
                .problem(message)
                .with("topic", record.topic())
                .with("partition", record.partition())
                .with("offset", record.offset());
    }

    static Optional<String> text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
