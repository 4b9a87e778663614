package dev.cloakproof.platform.broker;

import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.platform.events.Topics;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real broker with all topics for a test class: register it in a static field. */
public final class BrokerExtension implements BeforeAllCallback, AfterAllCallback {
    private KafkaBroker broker;

    @Override
    public void beforeAll(ExtensionContext context) {
        String jars = System.getProperty("cloakproof.broker.jars");
        if (jars == null) {
            throw new IllegalStateException("set the system property cloakproof.broker.jars to the broker's jars");
        }
        broker = KafkaBroker.start(
                Path.of(jars), Path.of("target", "broker", UUID.randomUUID().toString()));
        Topics.create(settings(), 2, (short) 1);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        broker.close();
    }

    public KafkaBroker broker() {
        return broker;
    }

    public KafkaSettings settings() {
        return new KafkaSettings(broker.bootstrapServers());
    }
}
