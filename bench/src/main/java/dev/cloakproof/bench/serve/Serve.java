package dev.cloakproof.bench.serve;

import com.google.protobuf.ByteString;
import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.PurifyRequest;
import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Calls Purify of a real service process, and says how far that is from what it cannot be faster than. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Calls Purify of the packaged purifier by several clients at once: calls a second, how long they take, and",
            "CPU time a call; beside a gRPC server that sends the picture back, and the method in Java alone.",
            "With --soak makes so many calls, every tenth with a deadline that is too short, and counts how each ended."
        })
public final class Serve implements Callable<Integer> {
    private static final int SHORT_MILLIS = 3;
    private static final int LONG_MILLIS = 60_000;
    private static final int EVERY = 10;

    @Option(names = "--jar", required = true, paramLabel = "FILE", description = "quarkus-run.jar of the purifier")
    private Path jar;

    @Option(names = "--clients", description = "connections, each with one call at a time (${DEFAULT-VALUE})")
    private int clients = 16;

    @Option(names = "--method", description = "purification method or chain without weights (${DEFAULT-VALUE})")
    private String method = "none";

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "PNG or JPEG (default: a drawn portrait, 512 x 512)")
    private Path picture;

    @Option(names = "--seconds", description = "measured, after a warm-up as long (${DEFAULT-VALUE})")
    private double seconds = 20;

    @Option(names = "--soak", paramLabel = "CALLS", description = "counts the ends of so many calls instead")
    private int soak;

    @Option(names = "--recording", paramLabel = "FILE", description = "where Flight Recorder of the service writes to")
    private Path recording;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        byte[] encoded = picture == null
                ? PictureWriter.png(new PortraitDomain().render(1000, 2000, 512))
                : Files.readAllBytes(picture);
        out.printf(
                Locale.ROOT,
                "a picture of %d bytes, method %s, %d clients, %d processors%n",
                encoded.length,
                method,
                clients,
                Runtime.getRuntime().availableProcessors());
        PurifyRequest request = PurifyRequest.newBuilder()
                .setPicture(Picture.newBuilder().setName("bench.png").setContent(ByteString.copyFrom(encoded)))
                .setParameters(PurificationParameters.newBuilder().setMethod(method))
                .build();
        return soak > 0 ? soak(request, out) : measure(request, encoded, out);
    }

    private int measure(PurifyRequest request, byte[] encoded, PrintWriter out)
            throws IOException, InterruptedException {
        Floor floor = Floor.measure(encoded, method, Math.min(seconds / 4, 5));
        out.printf(
                Locale.ROOT,
                "Java alone, CPU: decode %.2f ms, method %.2f ms, encode %.2f ms (for keeping: %.2f ms)%n",
                floor.decode(),
                floor.method(),
                floor.encode(),
                floor.smallEncode());
        out.printf(
                "%-14s %9s %9s %9s %15s %15s%n", "", "calls/s", "p50 ms", "p99 ms", "server CPU ms", "client CPU ms");
        out.flush();
        Cost echo;
        try (ServerProcess server = ServerProcess.echo()) {
            echo = load("gRPC echo", server, request, out);
        }
        Cost purify;
        try (ServerProcess server = ServerProcess.purifier(jar, Optional.ofNullable(recording))) {
            purify = load("Purify", server, request, out);
        }
        double least = echo.server() + floor.decode() + floor.method() + floor.encode();
        out.printf(
                Locale.ROOT,
                "server CPU over that of echo, decode, method and encode: %.2f times%n"
                        + "server CPU beyond the method: %.2f ms%n"
                        + "two free processors would do %.0f calls/s, both sides on them%n",
                purify.server() / least,
                purify.server() - floor.method(),
                2000 / (purify.server() + purify.client()));
        out.flush();
        return purify.outcome().failed() == 0 ? 0 : 1;
    }

    /**
     * What calls cost.
     *
     * @param server CPU milliseconds of a call on the server's side
     * @param client the same on the client's
     */
    private record Cost(Outcome outcome, double server, double client) {}

    private Cost load(String name, ServerProcess server, PurifyRequest request, PrintWriter out)
            throws InterruptedException {
        try (Load load = new Load(server.port(), clients, request)) {
            load.forSeconds(seconds);
            double serverBegun = server.cpuSeconds();
            double clientBegun = cpuSeconds();
            Outcome outcome = load.forSeconds(seconds);
            int calls = outcome.answered() + outcome.failed();
            Cost cost = new Cost(
                    outcome,
                    1000 * (server.cpuSeconds() - serverBegun) / calls,
                    1000 * (cpuSeconds() - clientBegun) / calls);
            out.printf(
                    Locale.ROOT,
                    "%-14s %9.1f %9.2f %9.2f %15.2f %15.2f  %s%n",
                    name,
                    outcome.callsPerSecond(),
                    outcome.millis(0.5),
                    outcome.millis(0.99),
                    cost.server(),
                    cost.client(),
                    outcome.failures().isEmpty() ? "" : outcome.failures());
            out.flush();
            return cost;
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private int soak(PurifyRequest request, PrintWriter out) throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.purifier(jar, Optional.ofNullable(recording));
                Load load = new Load(server.port(), clients, request)) {
            Outcome outcome = load.calls(soak, call -> call % EVERY == EVERY - 1 ? SHORT_MILLIS : LONG_MILLIS);
            int ended = outcome.answered() + outcome.failed();
            int tooLate = outcome.failures().getOrDefault(Load.failure(Status.Code.DEADLINE_EXCEEDED, SHORT_MILLIS), 0);
            out.printf(
                    Locale.ROOT,
                    "client: %d calls, %d ended: %d answered, %d not %s; %.1f calls/s, p99 %.1f ms%n",
                    soak,
                    ended,
                    outcome.answered(),
                    outcome.failed(),
                    outcome.failures(),
                    ended / outcome.seconds(),
                    outcome.millis(0.99));
            ServerCounts counts = ServerCounts.whenIdle(server);
            out.println("server: " + counts);
            // A call that its client gave up early may never have reached the server.
            boolean well = ended == soak
                    && outcome.failed() == tooLate
                    && counts.ended() <= soak
                    && counts.ended() >= outcome.answered()
                    && counts.answered() >= outcome.answered();
            out.println(
                    well ? "none lost" : "LOST: calls with a long deadline were not answered, or the sides disagree");
            out.flush();
            return well ? 0 : 1;
        }
    }
}
