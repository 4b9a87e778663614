package dev.cloakproof.local;

import com.google.protobuf.Timestamp;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.AuthorizationRecord.Basis;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.SamplingParameters;
import dev.cloakproof.v1.TrainingParameters;
import dev.cloakproof.v1.WorkState;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The bundled portraits through the line. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the line, sends the bundled protected portraits of a person who does not exist through it, once as they"
                    + " are, once purified, once purified and with contrastive decoupling, and once unprotected, prints the"
                    + " scores, and stops what it started."
        })
final class Demo implements Callable<Integer> {
    private static final String PACK = "mini";
    /** Of the evaluator: what was drawn. */
    private static final String SAMPLES = "samples";
    /** Purification by nothing. */
    private static final String NONE = "none";

    @ParentCommand
    private Main main;

    @Mixin
    private LineOptions options;

    @Option(names = "--method", description = "the purification (default: what the pack's example names)")
    private String method;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "training steps of each of the runs; fewer end sooner and bind less (${DEFAULT-VALUE})")
    private int steps = 100;

    @Option(names = "--keep", description = "leave the line running")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    /** One way through the line. */
    private record Way(String title, List<Picture> pictures, String method, boolean decoupling) {}

    @Override
    public Integer call() {
        Home home = main.home();
        Path pack = home.pack(PACK)
                .orElseThrow(() -> new LocalException(
                        "the pack " + PACK + " is missing: neither in " + home.packs() + " nor in " + home.bundled()));
        Path example = pack.resolve("example");
        List<Picture> cloaked = PictureFiles.read(example.resolve("protected"));
        List<Picture> references = PictureFiles.read(example.resolve("reference"));
        String purifying = method == null ? usualMethod(pack) : method;
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("demo-as-is", new Way("protected as is", cloaked, NONE, false));
        ways.put("demo-purified", new Way("purified", cloaked, purifying, false));
        ways.put("demo-purified-cdl", new Way("purified + CDL", cloaked, purifying, true));
        if (Files.isDirectory(example.resolve("clean"))) {
            ways.put("demo-clean", new Way("clean", PictureFiles.read(example.resolve("clean")), NONE, false));
        }
        Lines lines = new Lines(home);
        PrintWriter err = spec.commandLine().getErr();
        boolean ours = lines.running().isEmpty();
        try (var _ = new Interruption(ours ? lines::stop : () -> {})) {
            LineState state = ours ? lines.start(options, err::println) : lines.require();
            try (LineClient client = new LineClient(state)) {
                ways.keySet().forEach(subject -> cancelAll(client, subject));
                return show(client, ways, references, state, spec.commandLine().getOut(), err);
            } finally {
                if (ours && !keep) {
                    err.println("stopping what was started");
                    err.flush();
                    lines.stop();
                }
            }
        }
    }

    /** Restoration and enlarging where the pack has them. */
    private static String usualMethod(Path pack) {
        var known = ModelPack.open(pack);
        boolean restores = known.has("codeformer");
        boolean enlarges = known.has("upscaler");
        if (restores && enlarges) {
            return "codesr";
        }
        return restores ? "codeformer" : enlarges ? "sr" : "gaussian";
    }

    /** What an interrupted demonstration left would go on, and this one would wait for it. */
    private static void cancelAll(LineClient client, String subject) {
        client.list(subject).stream()
                .filter(run -> !Follower.isFinal(run))
                .forEach(run -> client.cancel(run.getName(), "a new demonstration begins"));
    }

    private int show(
            LineClient client,
            Map<String, Way> ways,
            List<Picture> references,
            LineState state,
            PrintWriter out,
            PrintWriter err) {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, Run> runs = new LinkedHashMap<>();
        ways.forEach(
                (subject, way) -> names.put(subject, client.upload(header(subject, way), way.pictures(), references)));
        names.forEach((subject, name) -> {
            err.println(ways.get(subject).title() + ": " + name);
            StageBars bars = new StageBars(
                    err, System.console() != null && System.console().isTerminal());
            runs.put(ways.get(subject).title(), new Follower(client).follow(name, bars::show));
        });
        int failed = 0;
        for (Map.Entry<String, Run> run : runs.entrySet()) {
            if (run.getValue().getState() != WorkState.WORK_STATE_SUCCEEDED) {
                failed++;
                out.println(
                        run.getKey() + " ended: " + run.getValue().getFailure().getReason() + ": "
                                + run.getValue().getFailure().getMessage());
            }
        }
        Scores.compare(runs, SAMPLES, out);
        runs.forEach((title, run) -> out.printf("%-24s %s%n", title, Outcome.address(run.getName(), state)));
        out.println(keep ? "./cloakproof down stops the line" : "./cloakproof up shows the reports again");
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private Header header(String subject, Way way) {
        var training = TrainingParameters.newBuilder()
                .setDecoupling(way.decoupling())
                .setSteps(steps)
                .setSeed(1);
        // The suffix of a model that was trained with decoupling is for the pack to say.
        var sampling = SamplingParameters.newBuilder().setSeed(1);
        if (!way.decoupling()) {
            sampling.setDecoupling(false);
        }
        return Header.newBuilder()
                .setSubject(subject)
                .setAuthorization(AuthorizationRecord.newBuilder()
                        .setRightsHolder("nobody: the person does not exist")
                        .setBasis(Basis.BASIS_SYNTHETIC)
                        .setReference("deploy/models/mini/example")
                        .setGrantTime(
                                Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond())))
                .setParameters(RunParameters.newBuilder()
                        .setPack(PACK)
                        .setPurification(PurificationParameters.newBuilder()
                                .setMethod(way.method())
                                .setSeed(1))
                        .setTraining(training)
                        .setSampling(sampling))
                .build();
    }
}
