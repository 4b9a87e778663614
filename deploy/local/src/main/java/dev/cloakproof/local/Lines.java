package dev.cloakproof.local;

import dev.cloakproof.local.LineState.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Starts the supervisor of a home, finds it, and has it stop. */
final class Lines {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Home home;

    Lines(Home home) {
        this.home = home;
    }

    static Path stopFile(Home home) {
        return home.folder().resolve("stop");
    }

    /** What runs now. */
    Optional<LineState> running() {
        return LineState.read(home.state())
                .filter(state -> state.supervisor().process().isPresent());
    }

    /** @throws LocalException if nothing runs, or it does not take work yet */
    LineState require() {
        LineState state = running()
                .orElseThrow(() -> new LocalException("nothing runs in " + home.folder() + ": ./cloakproof up first"));
        if (!state.ready()) {
            throw new LocalException(
                    "the line is still starting, see " + home.folder().resolve("logs"));
        }
        return state;
    }

    /**
     * Starts the line and returns when it takes work.
     *
     * @param told what is being waited for
     * @throws LocalException with the reason if it does not start; then nothing of it runs
     */
    LineState start(LineOptions options, Consumer<String> told) {
        if (running().isPresent()) {
            throw new LocalException("the line of " + home.folder() + " runs already: ./cloakproof down stops it");
        }
        stopLeftovers();
        try {
            home.prepare();
            Files.deleteIfExists(stopFile(home));
            Path log = home.log("supervisor");
            Process supervisor = new ProcessBuilder(command(options))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                    .start();
            told.accept("starting broker, database and services; logs are in " + log.getParent());
            return await(supervisor, log);
        } catch (IOException e) {
            throw new LocalException(home.folder() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** In a session of its own: Ctrl-C at the terminal reaches the command, which then has the supervisor stop all. */
    private List<String> command(LineOptions options) {
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                // Netty's own way of handling memory, which the JDK warns of.
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Dcloakproof.root=" + home.root(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--home",
                home.folder().toString(),
                "supervise"));
        command.addAll(options.arguments());
        return command;
    }

    private LineState await(Process supervisor, Path log) throws IOException {
        try {
            while (supervisor.isAlive()) {
                Optional<LineState> state = running();
                if (state.isPresent() && state.get().ready()) {
                    return state.get();
                }
                supervisor.waitFor(200, TimeUnit.MILLISECONDS);
            }
            throw new LocalException(
                    "the line did not start:\n" + Files.readString(log).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalException("interrupted", e);
        }
    }

    /**
     * Stops what runs, and returns when it has stopped.
     *
     * @return whether anything ran
     */
    boolean stop() {
        Optional<LineState> state = LineState.read(home.state());
        Optional<ProcessHandle> supervisor =
                state.flatMap(known -> known.supervisor().process());
        if (supervisor.isPresent()) {
            try {
                Files.writeString(stopFile(home), "");
            } catch (IOException e) {
                supervisor.get().destroy(); // no room for a file: less orderly
            }
            end(supervisor.get(), false);
        }
        return stopLeftovers() || supervisor.isPresent();
    }

    /** What a supervisor left behind that was killed. Only processes that it started, by number and start. */
    private boolean stopLeftovers() {
        Optional<LineState> state = LineState.read(home.state());
        if (state.isEmpty()) {
            return false;
        }
        List<ProcessHandle> left = state.get().children().values().stream()
                .map(Started::process)
                .flatMap(Optional::stream)
                .toList();
        left.forEach(process -> end(process, true));
        try {
            Files.deleteIfExists(home.state());
        } catch (IOException e) {
            throw new LocalException(home.state() + " cannot be deleted: " + e.getMessage(), e);
        }
        return !left.isEmpty();
    }

    private static void end(ProcessHandle process, boolean ask) {
        if (ask) {
            process.destroy();
        }
        try {
            process.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        }
    }
}
