package dev.cloakproof.service.events;

import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.KafkaEventPublisher;
import dev.cloakproof.service.tracing.Tracing;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;

/** Publishes each event as part of the trace that it belongs to: the current one, or else the one that it came with. */
record TracedPublisher(KafkaEventPublisher kafka, Tracing tracing) implements EventPublisher {
    @Override
    public void publish(Event<?> event) {
        SpanBuilder span = Messages.describe(
                tracing.span("send " + event.type().topic(), SpanKind.PRODUCER, event.subject()),
                event.type().topic(),
                "send");
        if (tracing.current().isEmpty()) {
            span.setParent(tracing.context(event.traceparent()));
        }
        tracing.in(span, () -> {
            kafka.publish(tracing.carried(event));
            return null;
        });
    }

    /** No span: there may be two a second for hours. */
    @Override
    public void publishLossy(Event<?> event) {
        kafka.publishLossy(tracing.carried(event));
    }
}
