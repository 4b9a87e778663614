package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.PublishedConfigs;
import dev.cloakproof.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs our side and the reference's in turn, each in a process of its own, on the same checkpoint of full size, and
 * compares medians. Turns cancel what a shared machine does over minutes.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures full-size SD2.1-base with random weights (64x64 latents, batch 2), beside the reference"
                + " when --python is given; train: a model of an eighth of that size (32x32 latents, batch 2).")
final class SideBySide implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(
            index = "0",
            description =
                    "unet, vae, text, sample (process start to the first finished step), train, or purify or score"
                            + " (every stage, in seconds a picture, for one picture and for a batch)")
    private Worker.Mode mode;

    @Option(
            names = "--model",
            description =
                    "checkpoint folder; random weights are written there once: 5.2 GB to target/bench/sd21-base,"
                            + " for train 0.6 GB to target/bench/middle, for purify 2.6 GB and score 2 GB to target/bench/vision")
    private Path model;

    @Option(names = "--python", description = "a Python with torch, diffusers and transformers, for the reference side")
    private String python;

    @Option(names = "--rounds", defaultValue = "3", description = "processes of each side (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--repeats", defaultValue = "3", description = "counted steps in a process (${DEFAULT-VALUE})")
    private int repeats;

    @Option(names = "--threads", defaultValue = "2", description = "(${DEFAULT-VALUE})")
    private int threads;

    @Option(
            names = "--dtype",
            split = ",",
            defaultValue = "F32,BF16",
            description = "ours; the reference runs float32 (${DEFAULT-VALUE})")
    private List<DType> dtypes;

    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    @Option(names = "--batch", defaultValue = "16", description = "purify, score: pictures a batch (${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--clock",
            defaultValue = "wall",
            description = "purify, score: wall, or cpu for a machine that others use (${DEFAULT-VALUE})")
    private Stages.Clock clock;

    @Option(
            names = "--latent-size",
            description = "side of the latents (64, for train 32), for purify of the small copy (128)")
    private Integer latentSize;

    @Option(names = "--recompute", description = "train: activations are computed twice, on both sides")
    private boolean recompute;

    @Option(names = "--block", defaultValue = "0", description = "train: block of 8-bit moments, ours; 0 for float32")
    private int block;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        write();
        List<String> both = new ArrayList<>();
        if (mode != Worker.Mode.score) {
            both.addAll(List.of("--latent-size", Integer.toString(latentSize())));
        }
        if (stages()) {
            both.addAll(List.of("--batch", Integer.toString(batch), "--clock", clock.name()));
        }
        if (recompute) {
            both.add("--recompute");
        }
        List<String> ours = new ArrayList<>(both);
        ours.addAll(List.of("--block", Integer.toString(block)));
        List<Side> sides = new ArrayList<>();
        // Stages are compared in the reference's precision.
        for (DType dtype : stages() ? List.of(DType.F32) : dtypes) {
            sides.add(Side.ours(dtype, mode, model(), threads, repeats, ours));
        }
        if (python != null) {
            sides.add(Side.reference(python, mode, model(), threads, repeats, both));
        }
        for (int round = 0; round < rounds; round++) {
            for (Side side : sides) {
                System.err.printf("round %d of %d: %s%n", round + 1, rounds, side.name());
                side.measure();
            }
        }
        print(sides);
        return 0;
    }

    /** Whether figures are seconds a picture, stage by stage. */
    private boolean stages() {
        return mode == Worker.Mode.purify || mode == Worker.Mode.score;
    }

    private void write() throws IOException {
        switch (mode) {
            case train -> RandomModel.writeMiddle(model());
            case purify -> RandomVision.writeRestoration(model());
            case score -> RandomVision.writeScoring(model());
            default -> RandomModel.write(PublishedConfigs.SD21_BASE, model());
        }
    }

    private Path model() {
        String name =
                switch (mode) {
                    case train -> "middle";
                    case purify, score -> "vision";
                    default -> "sd21-base";
                };
        return model != null ? model : Path.of("target", "bench", name);
    }

    private int latentSize() {
        if (latentSize != null) {
            return latentSize;
        }
        return switch (mode) {
            case train -> 32;
            case purify -> 128;
            default -> 64;
        };
    }

    /** Medians of every figure by side, and ratios to the reference, or else to our float32. */
    private void print(List<Side> sides) {
        Side base = sides.getLast();
        if (python == null) {
            base = sides.getFirst();
        }
        ObjectNode result = JSON.createObjectNode().put("mode", mode.name()).put("base", base.name());
        var out = spec.commandLine().getOut();
        if (!json) {
            out.printf("%-24s %-28s %12s %12s %10s%n", "side", "figure", "median", "min..max", "ratio");
        }
        for (Side side : sides) {
            Map<String, Double> baseMedians = medians(base);
            for (Map.Entry<String, List<Double>> figure : side.figures().entrySet()) {
                List<Double> values = figure.getValue();
                double median = Measurement.median(values);
                Double against = baseMedians.get(figure.getKey());
                double ratio = against == null ? Double.NaN : median / against;
                ObjectNode node = result.withObject("/sides")
                        .withObject("/" + side.name())
                        .putObject(figure.getKey());
                node.put("median", median).put("ratio", ratio);
                values.forEach(node.putArray("values")::add);
                if (!json) {
                    out.printf(
                            "%-24s %-28s %12s %12s %9.2fx%n",
                            side.name(), figure.getKey(), shown(figure.getKey(), median), range(figure), ratio);
                }
            }
        }
        if (json) {
            out.println(result);
        } else {
            out.println("ratio: to " + base.name() + "; " + rounds + " processes a side in turn, " + threads
                    + " threads, each with its own peak memory");
        }
        out.flush();
    }

    private static Map<String, Double> medians(Side side) {
        Map<String, Double> medians = new LinkedHashMap<>();
        side.figures().forEach((name, values) -> medians.put(name, Measurement.median(values)));
        return medians;
    }

    private static String shown(String figure, double value) {
        return figure.endsWith("_bytes") ? "%.0f MB".formatted(value / 1e6) : "%.3f s".formatted(value);
    }

    private static String range(Map.Entry<String, List<Double>> figure) {
        double scale = figure.getKey().endsWith("_bytes") ? 1e-6 : 1;
        return "%.1f..%.1f"
                .formatted(
                        figure.getValue().stream()
                                .mapToDouble(v -> v * scale)
                                .min()
                                .orElseThrow(),
                        figure.getValue().stream()
                                .mapToDouble(v -> v * scale)
                                .max()
                                .orElseThrow());
    }

    static JsonNode parse(String line) throws IOException {
        return JSON.readTree(line);
    }
}
