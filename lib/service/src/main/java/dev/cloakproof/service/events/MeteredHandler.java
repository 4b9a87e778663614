package dev.cloakproof.service.events;

import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.events.RecordHandler;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts what another handler does. */
record MeteredHandler(RecordHandler handler, ServiceMetrics metrics) implements RecordHandler {
    @Override
    public void handle(ConsumerRecord<String, byte[]> given) throws Exception {
        try {
            handler.handle(given);
        } catch (Exception | Error e) {
            metrics.eventConsumed(given.topic(), Optional.of(Problems.of(e).reason()))
                    .increment();
            throw e;
        }
        metrics.eventConsumed(given.topic(), Optional.empty()).increment();
    }

    @Override
    public void givenUp(ConsumerRecord<String, byte[]> given, Problem why) {
        handler.givenUp(given, why);
        metrics.deadLetter(given.topic()).increment();
    }
}
