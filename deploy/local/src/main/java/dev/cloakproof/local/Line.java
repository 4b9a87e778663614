package dev.cloakproof.local;

import dev.cloakproof.database.LocalDatabase;
import dev.cloakproof.local.LineState.Started;
import dev.cloakproof.platform.broker.KafkaBroker;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.platform.events.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The processes of the line, in the one process that owns them: a broker, a database and the four services. One that
 * dies is started again; one that dies again and again ends the line. Closing stops all.
 */
final class Line implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration CALM = Duration.ofMinutes(1);
    private static final int MOST_RESTARTS = 5;
    private static final long LEAST_SPACE = 1L << 30;

    private final Home home;
    private final LineOptions options;
    private final Map<String, Integer> ports;
    private final Map<String, Started> children = new LinkedHashMap<>();
    private final Map<String, List<Long>> restarts = new LinkedHashMap<>();
    private final List<ServiceProcess> services = new ArrayList<>();
    private KafkaBroker broker;
    private LocalDatabase database;
    private ProcessHandle databaseProcess;
    private boolean ready;
    private boolean closing;
    private String problem = "";

    private Line(Home home, LineOptions options) {
        this.home = home;
        this.options = options;
        this.ports = options.freePorts ? Ports.free() : Ports.usual();
    }

    /**
     * Starts all and returns when all services take work.
     *
     * @throws LocalException with the reason, when all that was started is stopped again
     */
    static Line start(Home home, LineOptions options) {
        requirePackaged(home);
        requireSpace(home);
        Line line = new Line(home, options);
        try {
            line.startAll();
            return line;
        } catch (RuntimeException | IOException e) {
            line.close();
            throw e instanceof LocalException known ? known : new LocalException(reason(e), e);
        }
    }

    private static void requirePackaged(Home home) {
        for (Service service : Service.values()) {
            if (!Files.isRegularFile(home.jar(service))) {
                throw new LocalException(
                        home.jar(service) + " is missing: start through ./cloakproof, which builds it");
            }
        }
    }

    private static void requireSpace(Home home) {
        try {
            long space = Files.getFileStore(home.folder()).getUsableSpace();
            if (space < LEAST_SPACE) {
                throw new LocalException(
                        "expected 1 GiB of free space for " + home.folder() + ", found " + (space >> 20) + " MiB");
            }
        } catch (IOException e) {
            throw new LocalException(home.folder() + ": " + e.getMessage(), e);
        }
    }

    private void startAll() throws IOException {
        write();
        // 1. What the services lean on
        CompletableFuture<LocalDatabase> opening = CompletableFuture.supplyAsync(
                () -> LocalDatabase.keeping(home.folder().resolve("database")));
        try {
            broker = KafkaBroker.start(home.brokerJars(), home.folder().resolve("broker"));
            watchBroker();
            Topics.create(new KafkaSettings(broker.bootstrapServers()), 1, (short) 1);
        } finally {
            database = joined(opening);
        }
        watchDatabase();

        // 2. The services, together
        for (Service service : Service.values()) {
            ServiceProcess process = new ServiceProcess(home, service, ports, settings(service));
            services.add(process);
            launch(process);
        }

        // 3. Until all take work
        long end = System.nanoTime() + START_LIMIT.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (ServiceProcess service : services) {
                while (!service.ready(http)) {
                    requireGoingOn();
                    if (System.nanoTime() > end) {
                        throw new LocalException(service.service().title() + " takes no work after "
                                + START_LIMIT.toSeconds() + " s, see "
                                + home.log(service.service().title()));
                    }
                    pause(200);
                }
            }
        }
        synchronized (this) {
            ready = true;
            write();
        }
    }

    private static LocalDatabase joined(CompletableFuture<LocalDatabase> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw new LocalException(reason(e.getCause()), e.getCause());
        }
    }

    private static String reason(Throwable e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return e.getCause() == null || e instanceof CompletionException
                ? message
                : message + " (" + e.getCause().getMessage() + ")";
    }

    private Map<String, String> settings(Service service) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "quarkus.grpc.server.port", ports.get(service.title() + ".grpc").toString());
        settings.put("quarkus.http.port", ports.get(service.title() + ".http").toString());
        settings.put("cloakproof.store.folder", home.store().toString());
        settings.put(
                "cloakproof.work.folder",
                home.folder().resolve("work").resolve(service.title()).toString());
        settings.put("cloakproof.kafka.bootstrap-servers", broker.bootstrapServers());
        settings.put("cloakproof.packs.folder", home.packs().toString());
        settings.put("cloakproof.packs.device", options.device);
        if (options.pack != null) {
            settings.put("cloakproof.packs.default", options.pack);
        } else if (home.pack("mini").isPresent()) {
            settings.put("cloakproof.packs.default", "mini");
        }
        if (service == Service.PURIFIER) {
            // Somebody sits before it and waits.
            settings.put("cloakproof.purifier.upload.settle", "1s");
        }
        if (service == Service.EVALUATOR) {
            settings.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
            settings.put("quarkus.datasource.username", LocalDatabase.USER);
        }
        settings.putAll(options.settings);
        return settings;
    }

    private synchronized void launch(ServiceProcess service) {
        if (closing) {
            return;
        }
        Process process = service.start();
        child(service.service().title(), process.toHandle());
        process.onExit()
                .thenAccept(ended -> again(service.service().title(), ended.exitValue(), () -> launch(service)));
    }

    private synchronized void watchBroker() {
        child("broker", broker.handle());
        broker.handle()
                .onExit()
                .thenRun(() -> again("broker", -1, () -> {
                    try {
                        broker.start();
                        watchBroker();
                    } catch (IOException e) {
                        end("the broker cannot be started again: " + e.getMessage());
                    }
                }));
    }

    private synchronized void watchDatabase() {
        databaseProcess = database.handle();
        child("database", databaseProcess);
        databaseProcess
                .onExit()
                .thenRun(() -> again("database", -1, () -> {
                    try {
                        database.restart();
                        watchDatabase();
                    } catch (UncheckedIOException | IllegalStateException e) {
                        end("the database cannot be started again: " + reason(e));
                    }
                }));
    }

    /** Starts something again that ended by itself. */
    private void again(String name, int exit, Runnable start) {
        synchronized (this) {
            if (closing) {
                return;
            }
            long now = System.nanoTime();
            List<Long> recent = restarts.computeIfAbsent(name, _ -> new ArrayList<>());
            recent.removeIf(time -> now - time > CALM.toNanos());
            if (recent.size() == MOST_RESTARTS || !ready) {
                end(name + " ended" + (exit < 0 ? "" : " with " + exit) + ", see " + logOf(name) + ":\n" + tail(name));
                return;
            }
            recent.add(now);
        }
        start.run();
    }

    private Path logOf(String name) {
        return switch (name) {
            case "broker" -> home.folder().resolve("broker/broker.log");
            case "database" -> database.log();
            default -> home.log(name);
        };
    }

    /** The end of a log, where the reason mostly stands. */
    private String tail(String name) {
        try {
            List<String> lines = Files.readAllLines(logOf(name));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    private synchronized void end(String why) {
        if (!closing && problem.isEmpty()) {
            problem = why;
        }
    }

    private synchronized void child(String name, ProcessHandle process) {
        children.put(name, Started.of(process));
        write();
    }

    private synchronized void write() {
        new LineState(
                        Started.of(ProcessHandle.current()),
                        ready,
                        problem,
                        children,
                        ports,
                        broker == null ? "" : broker.bootstrapServers())
                .write(home.state());
    }

    /** @throws LocalException if something ended that cannot be started again */
    synchronized void requireGoingOn() {
        if (!problem.isEmpty()) {
            throw new LocalException(problem);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalException("interrupted", e);
        }
    }

    /** Stops the services, then what they lean on. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            ready = false;
        }
        CompletableFuture.allOf(services.stream()
                        .map(service -> CompletableFuture.runAsync(service::stop))
                        .toArray(CompletableFuture[]::new))
                .join();
        if (broker != null) {
            broker.close();
        }
        if (database != null) {
            database.close();
        }
        if (databaseProcess != null) {
            databaseProcess.onExit().join(); // its last files are closed before its process ends
        }
    }
}
