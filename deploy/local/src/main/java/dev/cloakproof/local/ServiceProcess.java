package dev.cloakproof.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One service as a process of this machine. */
final class ServiceProcess {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

    private final Home home;
    private final Service service;
    private final int httpPort;
    private final Map<String, String> settings;
    private Process process;

    /** @param settings of Quarkus and ours, as system properties */
    ServiceProcess(Home home, Service service, Map<String, Integer> ports, Map<String, String> settings) {
        this.home = home;
        this.service = service;
        this.httpPort = ports.get(service.title() + ".http");
        this.settings = settings;
    }

    Service service() {
        return service;
    }

    /** Starts it, or starts it again. */
    Process start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + service.heap(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", home.jar(service).toString()));
        try {
            Files.createDirectories(home.log(service.title()).getParent());
            process = new ProcessBuilder(command)
                    .directory(home.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            home.log(service.title()).toFile()))
                    .start();
            return process;
        } catch (IOException e) {
            throw new LocalException(service.title() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Whether it takes work now. */
    boolean ready(HttpClient http) {
        try {
            HttpRequest probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks it to stop, and ends it if it does not. */
    void stop() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
