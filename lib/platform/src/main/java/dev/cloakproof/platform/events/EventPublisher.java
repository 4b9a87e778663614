package dev.cloakproof.platform.events;

/** Publishes events. Thread-safe. */
public interface EventPublisher {
    /**
     * Publishes an event and returns when the broker has it.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException BROKER_UNAVAILABLE if it could not be handed over
     */
    void publish(Event<?> event);

    /** Publishes an event that may get lost, such as progress, without waiting. Never throws. */
    void publishLossy(Event<?> event);
}
