package dev.cloakproof.service.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** How work is held, tried again and left. */
@ConfigMapping(prefix = "cloakproof.work")
public interface WorkConfig {
    /** How long a lease on a piece of work lives without being renewed: when another pod takes over from a dead one. */
    @WithDefault("30s")
    Duration lease();

    /** Tries of an event before it goes to the dead letters, 1 or more. */
    @WithDefault("5")
    int attempts();

    /** The wait after the first failure; it doubles. */
    @WithDefault("1s")
    Duration firstDelay();

    /** The longest wait between two tries. */
    @WithDefault("1m")
    Duration longestDelay();

    /** How long work at hand may go on at a shutdown; then it is told to save what it can, and comes again elsewhere. */
    @WithDefault("10s")
    Duration drain();

    /** Folder for files of work at hand, such as checkpoints. What lies there may be lost at the price of time. */
    @WithDefault("${java.io.tmpdir}/cloakproof/${quarkus.application.name}")
    Path folder();
}
