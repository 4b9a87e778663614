package dev.cloakproof.platform.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * A real single-node Kafka (KRaft) as a child process on loopback. It is its own process so that its classpath does
 * not pin that of the services, and so that a test can kill it.
 */
public final class KafkaBroker implements AutoCloseable {
    /** On a machine that is busy; one that has ended is noticed at once. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path jars;
    private final Path folder;
    private final int port;
    private Process process;

    private KafkaBroker(Path jars, Path folder, int port) {
        this.jars = jars;
        this.folder = folder;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-kafka"));
    }

    /**
     * Formats a data folder, unless it is formatted, and starts a broker on it.
     *
     * @param jars folder with the broker's jars, as the module {@code broker} lays them out
     * @param folder where data, configuration and log go
     */
    public static KafkaBroker start(Path jars, Path folder) {
        try {
            List<Integer> ports = freePorts();
            KafkaBroker broker = new KafkaBroker(jars, folder, ports.getFirst());
            broker.configure(ports.getLast());
            broker.start();
            return broker;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Address for clients, {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The broker's process, for those who watch over it; another one after {@link #start}. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Starts the broker again after {@link #kill}, on the same port and data. Returns when it answers. */
    public void start() throws IOException {
        process = java("-Xmx192m", "kafka.Kafka", properties().toString());
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("the broker did not start, see " + log());
            }
        }
    }

    /** Ends the process as a crash would: SIGKILL. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops the broker cleanly, and forcibly if it takes longer than ten seconds. */
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void configure(int controllerPort) throws IOException {
        Files.createDirectories(folder);
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("log.dirs", folder.resolve("data").toString()),
                // The default buffer of 128 MB alone would not fit the small heap.
                Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0")));
        try (var out = Files.newOutputStream(properties())) {
            properties.store(out, null);
        }
        if (!Files.exists(folder.resolve("data").resolve("meta.properties"))) {
            Process format = java(
                    "-Xmx128m",
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    Uuid.randomUuid().toString(),
                    "-c",
                    properties().toString());
            if (format.onExit().join().exitValue() != 0) {
                throw new IOException("the data folder could not be formatted, see " + log());
            }
        }
    }

    private Process java(String heap, String... mainAndArguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jars + "/*"));
        command.addAll(List.of(mainAndArguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private boolean answers() {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                "200"))) {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Path properties() {
        return folder.resolve("server.properties");
    }

    private Path log() {
        return folder.resolve("broker.log");
    }

    /** Two ports that were free a moment ago; both are held until both are known, so they differ. */
    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket clients = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket controllers = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(clients.getLocalPort(), controllers.getLocalPort());
        }
    }
}
