package dev.cloakproof.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;

/**
 * A real PostgreSQL as a child process on loopback, its binaries from Maven artifacts. Who may connect to this machine
 * may connect to it: it has no password.
 *
 * <p>PostgreSQL refuses to run as root. There it is started in a user namespace ({@code unshare -U}), in which root is
 * nobody; a machine that forbids user namespaces to root needs another user.
 */
public final class LocalDatabase implements AutoCloseable {
    public static final String USER = "postgres";

    private static final String NAME = "postgres";

    private final EmbeddedPostgres server;

    private LocalDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Starts a server that keeps its data when it stops, and takes up what an earlier one left.
     *
     * @param folder where data goes, and the log {@code postgres.log}; made if it is missing
     * @throws UncheckedIOException if it does not start, with the reason
     */
    public static LocalDatabase keeping(Path folder) {
        return start(folder, false);
    }

    /** Starts a server whose data goes when it stops, for tests; it does not wait for the disk. */
    public static LocalDatabase passing(Path folder) {
        return start(folder, true);
    }

    private static LocalDatabase start(Path folder, boolean passing) {
        Path place = folder.toAbsolutePath();
        try {
            Files.createDirectories(place);
            var log = ProcessBuilder.Redirect.appendTo(
                    place.resolve("postgres.log").toFile());
            return new LocalDatabase(EmbeddedPostgres.builder()
                    .setDataDirectory(place.resolve("data"))
                    .setCleanDataDirectory(passing)
                    .setServerConfig("fsync", passing ? "off" : "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("max_connections", "40")
                    // Sorting and comparing text is the same everywhere.
                    .setLocaleConfig("locale", "C")
                    .setErrorRedirector(log)
                    .setOutputRedirector(log)
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException("PostgreSQL did not start, see " + place.resolve("postgres.log"), failed);
        }
    }

    /** Where JDBC clients connect, as {@link #USER} without a password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + NAME;
    }

    /** For those in this process. */
    public DataSource dataSource() {
        return server.getPostgresDatabase();
    }

    /** Stops the server; waits until it has stopped. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
