package dev.cloakproof.evaluator.events;

import dev.cloakproof.evaluator.config.EvaluatorConfig;
import dev.cloakproof.evaluator.index.Rebuild;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.service.config.KafkaConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

/** Makes a lost index again before the first call and the first event. */
@Singleton
class IndexStart {
    private final EvaluatorConfig config;
    private final KafkaConfig kafka;
    private final RunIndex index;
    private final Rebuild rebuild;

    IndexStart(EvaluatorConfig config, KafkaConfig kafka, RunIndex index, Rebuild rebuild) {
        this.config = config;
        this.kafka = kafka;
        this.index = index;
        this.rebuild = rebuild;
    }

    void start(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent started) {
        if (config.index().rebuild() || index.isEmpty()) {
            rebuild.fromStore();
            kafka.bootstrapServers()
                    .ifPresent(servers -> rebuild.fromLog(new KafkaSettings(servers, kafka.properties())));
        }
    }
}
