package dev.cloakproof.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What runs, as a file: the supervisor writes it, the commands read it.
 *
 * @param supervisor owns the others
 * @param ready whether all services take work
 * @param problem why it is not, once it is clear that it will not be; empty otherwise
 * @param children by name: {@code broker}, {@code database} and the services
 * @param ports by name: {@code purifier.grpc}, {@code purifier.http} ...
 * @param broker where Kafka listens, {@code host:port}
 */
record LineState(
        Started supervisor,
        boolean ready,
        String problem,
        Map<String, Started> children,
        Map<String, Integer> ports,
        String broker) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A process of ours. Numbers come again, so the moment of its start goes with it.
     *
     * @param start milliseconds since 1970; 0 if the system does not say
     */
    record Started(long pid, long start) {
        static Started of(ProcessHandle process) {
            return new Started(process.pid(), start(process));
        }

        /** The process, if it still runs. */
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> start == 0 || start(process) == start);
        }

        private static long start(ProcessHandle process) {
            return process.info()
                    .startInstant()
                    .map(instant -> instant.toEpochMilli())
                    .orElse(0L);
        }
    }

    LineState {
        children = new TreeMap<>(children);
        ports = new TreeMap<>(ports);
    }

    /** Empty if nothing was started, or all was stopped. */
    static Optional<LineState> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), LineState.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LocalException(file + " cannot be read: " + e.getMessage() + "; delete it if nothing runs", e);
        }
    }

    /** In one step: readers see the old state or the new one. */
    void write(Path file) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LocalException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    int port(String name) {
        return ports.get(name);
    }

    /** The page that people look at. */
    String page() {
        return "http://127.0.0.1:" + port("evaluator.http") + "/";
    }
}
