package dev.cloakproof.evaluator.index;

import dev.cloakproof.database.LocalDatabase;
import java.nio.file.Path;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL with the index's tables for a test class, empty before each test: register it in a static field. */
public final class IndexExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private LocalDatabase server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = LocalDatabase.passing(
                Path.of("target", "postgres", UUID.randomUUID().toString()));
        Flyway.configure().dataSource(server.dataSource()).load().migrate();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        empty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
    }

    public DataSource dataSource() {
        return server.dataSource();
    }

    public Database database() {
        return new Database(server.dataSource());
    }

    /** As if the database was lost. */
    public void empty() {
        database()
                .transaction(session -> session.update("truncate table runs, deleted_runs, deleted_subjects cascade"));
    }
}
