package dev.cloakproof.service.events;

import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.RecordHandler;
import dev.cloakproof.service.tracing.Tracing;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Has another handler work in a span for each try, a child of the one that published the record. */
record TracedHandler(RecordHandler handler, String group, Tracing tracing) implements RecordHandler {
    @Override
    public void handle(ConsumerRecord<String, byte[]> given) throws Exception {
        if (given.topic().equals(EventType.RUN_PROGRESS.topic())) {
            handler.handle(given); // there may be two a second for hours
            return;
        }
        SpanBuilder span = Messages.describe(
                        tracing.span(
                                "process " + given.topic(),
                                SpanKind.CONSUMER,
                                header(given, "ce_subject").orElse("")),
                        given.topic(),
                        "process")
                .setAttribute("messaging.consumer.group.name", group)
                .setAttribute("messaging.destination.partition.id", Integer.toString(given.partition()))
                .setAttribute("messaging.kafka.offset", given.offset())
                .setParent(tracing.context(header(given, "traceparent")));
        tracing.in(span, () -> {
            handler.handle(given);
            return null;
        });
    }

    @Override
    public void givenUp(ConsumerRecord<String, byte[]> given, Problem why) {
        handler.givenUp(given, why);
    }

    private static Optional<String> header(ConsumerRecord<String, byte[]> given, String name) {
        return Optional.ofNullable(given.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }
}
