package dev.cloakproof.service;

import dev.cloakproof.platform.broker.KafkaBroker;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.platform.events.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A real broker and a store for a {@code @QuarkusTest}: {@code @QuarkusTestResource(EventLine.class)}. */
public final class EventLine implements QuarkusTestResourceLifecycleManager {
    private KafkaBroker broker;

    @Override
    public Map<String, String> start() {
        String jars = System.getProperty("cloakproof.broker.jars");
        if (jars == null) {
            throw new IllegalStateException("set the system property cloakproof.broker.jars to the broker's jars");
        }
        Path folder = Path.of("target", "event-line", UUID.randomUUID().toString());
        broker = KafkaBroker.start(Path.of(jars), folder.resolve("broker"));
        Topics.create(new KafkaSettings(broker.bootstrapServers()), 2, (short) 1);
        return Map.of(
                "cloakproof.kafka.bootstrap-servers",
                broker.bootstrapServers(),
                "cloakproof.store.folder",
                folder.resolve("store").toString(),
                "cloakproof.work.folder",
                folder.resolve("work").toString(),
                "cloakproof.work.first-delay",
                "10ms");
    }

    @Override
    public void stop() {
        broker.close();
    }
}
