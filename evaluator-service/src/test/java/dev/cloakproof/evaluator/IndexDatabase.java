package dev.cloakproof.evaluator;

import dev.cloakproof.database.LocalDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A real PostgreSQL for a {@code @QuarkusTest}. */
public final class IndexDatabase implements QuarkusTestResourceLifecycleManager {
    private LocalDatabase server;

    @Override
    public Map<String, String> start() {
        server = LocalDatabase.passing(
                Path.of("target", "postgres", UUID.randomUUID().toString()));
        return Map.of(
                "quarkus.datasource.jdbc.url", server.jdbcUrl(), "quarkus.datasource.username", LocalDatabase.USER);
    }

    @Override
    public void stop() {
        server.close();
    }
}
