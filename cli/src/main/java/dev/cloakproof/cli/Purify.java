package dev.cloakproof.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationBatch;
import dev.cloakproof.purifier.purify.PurificationBatch.Outcome;
import dev.cloakproof.purifier.purify.PurificationBatch.Source;
import dev.cloakproof.purifier.purify.Purified;
import dev.cloakproof.purifier.purify.PurifierPack;
import dev.cloakproof.purifier.purify.Setting;
import dev.cloakproof.purifier.purify.StepCatalogue;
import dev.cloakproof.purifier.purify.StepDescription;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Purifies a folder of pictures. */
@Command(
        name = "purify",
        mixinStandardHelpOptions = true,
        description = {
            "Purifies pictures: every PNG and JPEG of a folder, or one file.",
            "Writes PNGs with the request inside, and purification.json and purification.csv beside them. A picture that"
                    + " cannot be purified is reported and does not stop the others; the exit code is then 1."
        })
final class Purify implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", arity = "0..1", paramLabel = "IN", description = "a folder of pictures, or one picture")
    private Path in;

    @Parameters(index = "1", arity = "0..1", paramLabel = "OUT", description = "the folder to write to")
    private Path out;

    @Option(names = "--method", description = "a chain of steps, such as \"gaussian | jpeg(quality=75)\"")
    private String method;

    @Option(names = "--preset", defaultValue = "PAPER", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private Preset preset;

    @Option(names = "--pack", description = "a model pack, for the steps that need weights")
    private Path pack;

    @Option(names = "--seed", defaultValue = "0", description = "of all noise (${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--class-noun", defaultValue = "person", description = "what the pictures show (${DEFAULT-VALUE})")
    private String noun;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu:n (${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--dtype", defaultValue = "F32", description = "F32, BF16 or F16 (${DEFAULT-VALUE})")
    private DType dtype;

    @Option(
            names = "--batch",
            defaultValue = "1",
            description = "pictures that go through the chain at once (${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--list", description = "list the steps with their settings, defaults and costs, and end")
    private boolean list;

    @Option(names = "--dry-run", description = "say what would be done, and end")
    private boolean dryRun;

    @Option(names = "--json", description = "print the report, or the list, as JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (PurifierPack steps = new PurifierPack(pack == null ? null : ModelPack.open(pack), placement())) {
            if (list) {
                print(steps.catalogue());
                return 0;
            }
            if (in == null || out == null || method == null) {
                throw new ParameterException(spec.commandLine(), "IN, OUT and --method are needed, or --list");
            }
            if (batch < 1) {
                throw new ParameterException(spec.commandLine(), "--batch: 1 or more, found " + batch);
            }
            Chain chain = steps.catalogue().parse(method, preset);
            Map<String, Path> pictures = PictureFolder.list(in);
            if (dryRun) {
                spec.commandLine().getOut().printf("%d pictures: %s%n", pictures.size(), chain);
                return 0;
            }
            return purify(chain, pictures);
        }
    }

    private Placement placement() {
        return new Placement(dtype, Device.of(device), false);
    }

    private int purify(Chain chain, Map<String, Path> pictures) throws IOException {
        Files.createDirectories(out);
        var bar = new ProgressBar(spec.commandLine().getErr(), System.console() != null, pictures.size());
        List<Source> sources = pictures.entrySet().stream()
                .map(entry -> new Source(entry.getKey(), () -> PictureReader.DEFAULT.read(entry.getValue())))
                .toList();
        Map<String, String> failures = new HashMap<>();
        List<Outcome> outcomes = PurificationBatch.run(
                sources,
                chain,
                batch,
                seed,
                noun,
                (step, done, total) -> bar.working(step + " " + done + "/" + total),
                outcome -> {
                    switch (outcome) {
                        case Outcome.Done done -> {
                            PictureWriter.write(out.resolve(done.name() + ".png"), encoded(chain, done.purified()));
                            bar.finished(done.name());
                        }
                        case Outcome.Failed failed -> {
                            failures.put(failed.name(), failed.reason());
                            bar.finished(failed.name() + " failed: " + failed.reason());
                        }
                    }
                });
        ObjectNode report = report(chain, pictures, outcomes);
        Files.writeString(out.resolve("purification.json"), report.toPrettyString() + "\n");
        Files.writeString(out.resolve("purification.csv"), csv(report), StandardCharsets.UTF_8);
        if (json) {
            spec.commandLine().getOut().println(report);
        }
        return failures.isEmpty() ? 0 : 1;
    }

    /** The request travels inside the picture. */
    private byte[] encoded(Chain chain, Purified purified) {
        return PictureWriter.png(
                purified.picture(), Map.of("cloakproof", request(chain).toString()));
    }

    private ObjectNode request(Chain chain) {
        ObjectNode request = JSON.createObjectNode();
        return request.put("operation", "purify")
                .put("method", chain.toString())
                .put("preset", preset.toString())
                .put("class_noun", noun)
                .put("seed", seed)
                .put("dtype", dtype.name());
    }

    private ObjectNode report(Chain chain, Map<String, Path> pictures, List<Outcome> outcomes) {
        ObjectNode report = JSON.createObjectNode();
        report.set("request", request(chain));
        ArrayNode rows = report.putArray("pictures");
        for (Outcome outcome : outcomes) {
            ObjectNode row = rows.addObject()
                    .put("name", outcome.name())
                    .put("source", pictures.get(outcome.name()).toString());
            switch (outcome) {
                case Outcome.Done done -> {
                    row.put("outcome", "purified")
                            .put("width", done.purified().picture().width())
                            .put("height", done.purified().picture().height());
                    done.purified().facesFound().ifPresent(faces -> row.put("faces_found", faces));
                    done.purified().notes().forEach(row.withArray("notes")::add);
                }
                case Outcome.Failed failed -> row.put("outcome", "failed").put("reason", failed.reason());
            }
        }
        return report;
    }

    private static String csv(ObjectNode report) {
        var text = new StringBuilder("name,source,outcome,width,height,faces_found,notes,reason\n");
        report.get("pictures").forEach(row -> {
            String cells = Stream.of("name", "source", "outcome", "width", "height", "faces_found", "notes", "reason")
                    .map(column -> row.path(column).isArray()
                            ? row.path(column).toString()
                            : row.path(column).asText())
                    .map(cell -> cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"')
                    .collect(Collectors.joining(","));
            text.append(cells).append('\n');
        });
        return text.toString();
    }

    private void print(StepCatalogue catalogue) {
        var writer = spec.commandLine().getOut();
        if (json) {
            writer.println(JSON.valueToTree(Map.of("steps", catalogue.steps(), "methods", catalogue.methods())));
            return;
        }
        for (StepDescription step : catalogue.steps()) {
            writer.printf("%s: %s. Cost: %s%n", step.name(), step.meaning(), step.cost());
            for (Setting setting : step.settings()) {
                writer.printf(
                        "    %-14s %s%s, %s to %s; %s%n",
                        setting.name(),
                        setting.meaning(),
                        setting.unit().isEmpty() ? "" : " (" + setting.unit() + ")",
                        number(setting.least()),
                        number(setting.most()),
                        defaults(setting));
            }
        }
        catalogue.methods().forEach((name, chain) -> writer.printf("%s = %s%n", name, chain));
    }

    private static String defaults(Setting setting) {
        Map<Preset, Double> defaults = setting.defaults();
        return Stream.of(Preset.values())
                .map(choice -> choice + " " + number(defaults.get(choice)))
                .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
