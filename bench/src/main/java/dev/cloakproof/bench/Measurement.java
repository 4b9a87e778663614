package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Times repeats of a step, and reads what the operating system knows of this process. */
final class Measurement {
    private Measurement() {}

    /** Seconds of each repeat after the warm-up ones. */
    static List<Double> seconds(int warmup, int repeats, Supplier<Tensor> step) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < warmup + repeats; i++) {
            try (var _ = Scope.open()) {
                long begun = System.nanoTime();
                Tensor out = step.get();
                double taken = (System.nanoTime() - begun) / 1e9;
                if (!out.allFinite()) {
                    throw new IllegalStateException("the output is not finite: the numbers would mean nothing");
                }
                if (i >= warmup) {
                    seconds.add(taken);
                }
            }
        }
        return seconds;
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static void put(ObjectNode node, List<Double> seconds) {
        seconds.forEach(node.putArray("seconds")::add);
        node.put("median_seconds", median(seconds));
    }

    /** The largest resident set of this process so far, in bytes. */
    static long peakBytes() {
        return 1024 * status("VmHWM:");
    }

    private static long status(String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new IllegalStateException("/proc/self/status lacks " + key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds since the operating system started this process. */
    static double sinceStart() {
        return (System.currentTimeMillis()
                        - ProcessHandle.current()
                                .info()
                                .startInstant()
                                .orElseThrow()
                                .toEpochMilli())
                / 1000.0;
    }
}
