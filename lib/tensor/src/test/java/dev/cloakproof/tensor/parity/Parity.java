package dev.cloakproof.tensor.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Holds a result against the reference's and writes the error down, one line a comparison, for
 * {@code ./cloakproof parity}. Tests that use it carry the tag {@value #TAG}.
 */
public final class Parity {
    public static final String TAG = "parity";

    private static final Path REPORT = Path.of("target", "parity.tsv");

    private Parity() {}

    /**
     * The largest difference must stay within {@code tolerance} times the largest expected value. An error is relative
     * to the whole tensor, since a single element may be zero by cancellation.
     */
    public static void relative(String name, Tensor found, Tensor expected, double tolerance) {
        judge(name, "", error(name, found, expected, 0), tolerance);
    }

    /**
     * As above for many tensors, such as the gradients of all parameters, in one line with the largest error of all.
     *
     * @param floor the largest expected value of a tensor counts as at least this: some are zero in truth
     */
    public static void relative(
            String name, Map<String, Tensor> found, Map<String, Tensor> expected, double tolerance, double floor) {
        assertThat(found.keySet()).as(name).isNotEmpty().isEqualTo(expected.keySet());
        String worst = "";
        double largest = -1;
        for (Map.Entry<String, Tensor> entry : found.entrySet()) {
            double error = error(name + " " + entry.getKey(), entry.getValue(), expected.get(entry.getKey()), floor);
            if (error > largest) {
                largest = error;
                worst = entry.getKey();
            }
        }
        judge(name, worst, largest, tolerance);
    }

    private static double error(String name, Tensor found, Tensor expected, double floor) {
        assertThat(found.shape()).as(name).containsExactly(expected.shape());
        try (var _ = Scope.open()) {
            double size = Math.max(floor, largest(expected));
            double error = largest(found.to(DType.F64).sub(expected.to(DType.F64))) / size;
            return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }
    }

    private static void judge(String name, String where, double error, double tolerance) {
        boolean within = error <= tolerance;
        record(name, error, tolerance, within);
        assertThat(within)
                .as("%s %s: relative error %.2e, tolerance %.0e", name, where, error, tolerance)
                .isTrue();
    }

    /** Both must be equal; the error is 0 or 1. */
    public static void exact(String name, Object found, Object expected) {
        boolean equal = Objects.deepEquals(found, expected);
        record(name, equal ? 0 : 1, 0, equal);
        assertThat(found).as(name).isEqualTo(expected);
    }

    /** An error that the caller measured, such as the share of pixels that differ. */
    public static void atMost(String name, double error, double tolerance) {
        judge(name, "", error, tolerance);
    }

    private static double largest(Tensor x) {
        return x.to(DType.F64).abs().reshape(x.elements()).max(false, 0).item();
    }

    private static synchronized void record(String name, double error, double tolerance, boolean passed) {
        try {
            Files.createDirectories(REPORT.getParent());
            Files.writeString(
                    REPORT,
                    String.format(
                            Locale.ROOT, "%s\t%.2e\t%.0e\t%s%n", name, error, tolerance, passed ? "pass" : "FAIL"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
