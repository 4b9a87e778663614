package dev.cloakproof.service.events;

import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.KafkaEventPublisher;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.service.config.KafkaConfig;
import dev.cloakproof.service.tracing.Tracing;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes what publishes. */
@Dependent
class EventBeans {
    @Produces
    @Singleton
    EventPublisher publisher(KafkaConfig config, Tracing tracing) {
        return config.bootstrapServers().isPresent()
                ? new TracedPublisher(new KafkaEventPublisher(settings(config)), tracing)
                : new NoBroker();
    }

    void close(@Disposes EventPublisher publisher) {
        if (publisher instanceof TracedPublisher traced) {
            traced.kafka().close();
        }
    }

    static KafkaSettings settings(KafkaConfig config) {
        return new KafkaSettings(config.bootstrapServers().orElseThrow(), config.properties());
    }
}
