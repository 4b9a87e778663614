package dev.cloakproof.service.events;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;

/** Publishes nothing: the service was started without a broker. */
final class NoBroker implements EventPublisher {
    @Override
    public void publish(Event<?> event) {
        throw Reason.BROKER_UNAVAILABLE
                .problem("expected a broker for " + event.type().topic()
                        + ", found none: cloakproof.kafka.bootstrap-servers is not set")
                .exception();
    }

    @Override
    public void publishLossy(Event<?> event) {
        // Nobody listens.
    }
}
