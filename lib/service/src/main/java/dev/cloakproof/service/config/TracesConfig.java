package dev.cloakproof.service.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where traces go. */
@ConfigMapping(prefix = "cloakproof.traces")
public interface TracesConfig {
    /**
     * A collector that takes OTLP over HTTP, such as {@code http://collector:4318}; the standard variable
     * OTEL_EXPORTER_OTLP_ENDPOINT sets it too. Absent: there are no spans, and events keep the context that they have.
     */
    Optional<URI> endpoint();

    /** The part of all traces that is kept, 0 to 1; where the caller has chosen already, that holds. */
    @WithDefault("1")
    double ratio();
}
