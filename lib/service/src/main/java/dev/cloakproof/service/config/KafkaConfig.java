package dev.cloakproof.service.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/** The broker. */
@ConfigMapping(prefix = "cloakproof.kafka")
public interface KafkaConfig {
    /** Comma-separated {@code host:port}. Absent: the service takes no events and answers calls only. */
    Optional<String> bootstrapServers();

    /** Further properties of every client, such as TLS and SASL. */
    Map<String, String> properties();

    /** Whether topics that are missing are created at the start, with one replica: for one machine. */
    @WithDefault("false")
    boolean createTopics();

    /** Partitions of created topics: at most so many pods share a stage. */
    @WithDefault("4")
    int partitions();
}
