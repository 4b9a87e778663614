package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** One implementation under measurement: a command that prints a line of JSON, and the figures it gave so far. */
final class Side {
    private final String name;
    private final List<String> command;
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    Side(String name, List<String> command) {
        this.name = name;
        this.command = command;
    }

    static Side ours(DType dtype, Worker.Mode mode, Path model, int threads, int repeats, List<String> more) {
        return new Side(
                "cloakproof " + dtype.name().toLowerCase(Locale.ROOT),
                with(
                        more,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dai.djl.offline=true",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        mode.name(),
                        "--model",
                        model.toString(),
                        "--dtype",
                        dtype.name(),
                        "--threads",
                        Integer.toString(threads),
                        "--repeats",
                        Integer.toString(repeats)));
    }

    static Side reference(String python, Worker.Mode mode, Path model, int threads, int repeats, List<String> more) {
        return new Side(
                "reference float32",
                with(
                        more,
                        python,
                        Path.of("bench", "reference", script(mode)).toString(),
                        mode.name(),
                        "--model",
                        model.toString(),
                        "--threads",
                        Integer.toString(threads),
                        "--repeats",
                        Integer.toString(repeats),
                        "--json"));
    }

    private static String script(Worker.Mode mode) {
        return switch (mode) {
            case purify, score -> "vision_reference.py";
            default -> "bench_reference.py";
        };
    }

    private static List<String> with(List<String> more, String... command) {
        return Stream.concat(Stream.of(command), more.stream()).toList();
    }

    String name() {
        return name;
    }

    /** Values of each figure, in the order measured. */
    Map<String, List<Double>> figures() {
        return figures;
    }

    /** Runs the command once. */
    void measure() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(name + " ended with code " + code);
        }
        JsonNode result = SideBySide.parse(printed.strip().lines().toList().getLast());
        result.path("steps")
                .properties()
                .forEach(step -> step.getValue()
                        .get("seconds")
                        .forEach(second -> add(step.getKey() + "_step", second.doubleValue())));
        for (String figure : List.of("open_seconds", "first_step_seconds", "peak_rss_bytes")) {
            if (result.has(figure)) {
                add(figure, result.get(figure).doubleValue());
            }
        }
    }

    private void add(String figure, double value) {
        figures.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
    }
}
