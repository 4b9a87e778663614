package dev.cloakproof.sampler.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What can be set of the sampler beside what {@code dev.cloakproof.service.config} holds. */
@ConfigMapping(prefix = "cloakproof.sampler")
public interface SamplerConfig {
    /** The calls that wait. */
    Queue queue();

    /** How long a caller may leave a finished picture lying before the call ends. */
    @WithDefault("30s")
    Duration patience();

    /** The calls that wait. */
    interface Queue {
        /** Calls that may wait, 1 or more; the next one is refused with QUEUE_FULL. */
        @WithDefault("16")
        int capacity();
    }
}
