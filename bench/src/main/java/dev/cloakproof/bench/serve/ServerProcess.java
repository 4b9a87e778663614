package dev.cloakproof.bench.serve;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, on a free port, with the flags that {@code ./cloakproof up} gives the purifier. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Path WORK = Path.of("target", "bench-serve");

    private final Process process;
    private final int port;
    private final Optional<Integer> httpPort;

    private ServerProcess(Process process, int port, Optional<Integer> httpPort) {
        this.process = process;
        this.port = port;
        this.httpPort = httpPort;
    }

    /**
     * The packaged purifier.
     *
     * @param jar its quarkus-run.jar
     * @param recording where Flight Recorder writes to, if it is to run
     */
    static ServerProcess purifier(Path jar, Optional<Path> recording) throws IOException, InterruptedException {
        int port = freePort();
        int httpPort = freePort();
        List<String> command = java();
        recording.ifPresent(
                file -> command.add("-XX:StartFlightRecording=settings=profile,filename=" + file.toAbsolutePath()));
        command.addAll(List.of(
                "-Dai.djl.offline=true",
                "-Dquarkus.grpc.server.port=" + port,
                "-Dquarkus.http.port=" + httpPort,
                "-Dcloakproof.store.folder=" + WORK.resolve("store").toAbsolutePath(),
                "-Dcloakproof.work.folder=" + WORK.resolve("work").toAbsolutePath(),
                "-jar",
                jar.toAbsolutePath().toString()));
        return start(command, port, Optional.of(httpPort));
    }

    /** {@link EchoServer}. */
    static ServerProcess echo() throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = java();
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), EchoServer.class.getName(), Integer.toString(port)));
        return start(command, port, Optional.empty());
    }

    private static List<String> java() {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    }

    private static ServerProcess start(List<String> command, int port, Optional<Integer> httpPort)
            throws IOException, InterruptedException {
        Files.createDirectories(WORK);
        Path log = WORK.resolve("server-" + port + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProcess server = new ServerProcess(process, port, httpPort);
        try {
            server.awaitReady();
        } catch (RuntimeException e) {
            server.close();
            throw new IllegalStateException(e.getMessage() + "; its log is " + log.toAbsolutePath(), e);
        }
        return server;
    }

    private void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        try {
            while (channel.getState(true) != ConnectivityState.READY) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(
                            process.isAlive() ? "the server did not start in " + START_LIMIT : "the server ended");
                }
                Thread.sleep(100);
            }
        } finally {
            channel.shutdownNow();
        }
    }

    int port() {
        return port;
    }

    /** CPU time of the process so far, in seconds. */
    double cpuSeconds() {
        return process.toHandle()
                        .info()
                        .totalCpuDuration()
                        .orElseThrow(() -> new IllegalStateException("the system does not tell of CPU times"))
                        .toNanos()
                / 1e9;
    }

    /** What the service counts, in Prometheus's text. */
    String metrics() throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + httpPort.orElseThrow() + "/q/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
