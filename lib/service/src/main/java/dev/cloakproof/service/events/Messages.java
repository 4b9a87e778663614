package dev.cloakproof.service.events;

import io.opentelemetry.api.trace.SpanBuilder;

/** OpenTelemetry's semantic conventions for messages. */
final class Messages {
    private Messages() {}

    /** @param operation {@code send} or {@code process} */
    static SpanBuilder describe(SpanBuilder span, String topic, String operation) {
        return span.setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", topic)
                .setAttribute("messaging.operation.name", operation)
                .setAttribute("messaging.operation.type", operation);
    }
}
