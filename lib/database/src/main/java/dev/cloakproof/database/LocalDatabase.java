package dev.cloakproof.database;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final int ANY_PORT = 0;
    /** On a machine that is busy, or after a crash, whose log has to be played back first. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path place;
    private final boolean passing;
    private final String program;
    private volatile EmbeddedPostgres server;
    private boolean closed;

    private LocalDatabase(Path folder, boolean passing) {
        this.place = folder.toAbsolutePath();
        this.passing = passing;
        try {
            Files.createDirectories(place);
            server = launch(ANY_PORT);
            program = handle().info().command().orElse("");
        } catch (IOException failed) {
            throw new UncheckedIOException("PostgreSQL did not start, see " + log(), failed);
        }
    }

    /**
     * Starts a server that keeps its data when it stops, and takes up what an earlier one left.
     *
     * @param folder where data goes, and the log {@code postgres.log}; made if it is missing
     * @throws UncheckedIOException if it does not start, with the reason
     */
    public static LocalDatabase keeping(Path folder) {
        return new LocalDatabase(folder, false);
    }

    /** Starts a server whose data goes when it stops, for tests; it does not wait for the disk. */
    public static LocalDatabase passing(Path folder) {
        return new LocalDatabase(folder, true);
    }

    private EmbeddedPostgres launch(int port) throws IOException {
        var log = ProcessBuilder.Redirect.appendTo(log().toFile());
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data())
                .setCleanDataDirectory(passing)
                .setPGStartupWait(START_LIMIT)
                .setServerConfig("fsync", passing ? "off" : "on")
                // Off by default here: what was committed in the last moments before a crash would be lost.
                .setServerConfig("synchronous_commit", passing ? "off" : "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "40")
                // Sorting and comparing text is the same everywhere.
                .setLocaleConfig("locale", "C")
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .start();
    }

    /**
     * Starts a server again whose process ended by itself, on the same port and data. Returns when it answers.
     *
     * @throws UncheckedIOException if it does not start, with the reason
     */
    public synchronized void restart() {
        if (closed) {
            throw new IllegalStateException("the database was closed");
        }
        try {
            int port = server.getPort();
            server.close(); // gives up its lock on the folder
            awaitLastWorkers();
            server = launch(port);
        } catch (IOException failed) {
            throw new UncheckedIOException("PostgreSQL did not start again, see " + log(), failed);
        }
    }

    /** Workers outlive a killed server for a moment, and while one is left no other server starts on the data. */
    private void awaitLastWorkers() {
        ProcessHandle.allProcesses()
                .filter(process ->
                        isServer(process) && process.parent().stream().noneMatch(this::isServer))
                .toList()
                .forEach(orphan -> orphan.onExit()
                        .completeOnTimeout(orphan, START_LIMIT.toSeconds(), SECONDS)
                        .join());
    }

    private boolean isServer(ProcessHandle process) {
        return process.info().command().filter(program::equals).isPresent();
    }

    /** The server's process, for those who watch over it; another one after {@link #restart}. */
    public ProcessHandle handle() {
        Path file = data().resolve("postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            return ProcessHandle.of(pid).orElseThrow(() -> new IOException("the process " + pid + " has ended"));
        } catch (IOException failed) {
            throw new UncheckedIOException("PostgreSQL ended at once, see " + log(), failed);
        }
    }

    /** Where the server says what went wrong. */
    public Path log() {
        return place.resolve("postgres.log");
    }

    private Path data() {
        return place.resolve("data");
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
    public synchronized void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
