package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.evaluator.evaluate.RunScores.PairedTest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Tells whether metrics differ between two sets of pictures, picture by picture. */
public final class PairedTests {
    private PairedTests() {}

    /**
     * Tests every metric. Pictures of one place are a pair; a pair counts where both have the metric.
     *
     * @return one a metric; where the test says nothing, such as where no pair differs, why
     * @throws ScoreException if the sets are not of one size
     */
    public static List<PairedTest> of(
            Collection<Metric> metrics, String first, ScoreReport one, String second, ScoreReport other) {
        int size = one.pictures().size();
        if (size != other.pictures().size()) {
            throw new ScoreException("pairs need sets of one size: '" + first + "' has " + size + " pictures and '"
                    + second + "' " + other.pictures().size());
        }
        return metrics.stream()
                .map(metric -> test(metric, first, one, second, other))
                .toList();
    }

    private static PairedTest test(Metric metric, String first, ScoreReport one, String second, ScoreReport other) {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < one.pictures().size(); i++) {
            Double a = one.pictures().get(i).scores().get(metric);
            Double b = other.pictures().get(i).scores().get(metric);
            if (a != null && b != null) {
                pairs.add(new double[] {a, b});
            }
        }
        try {
            Wilcoxon.Result result = Wilcoxon.test(
                    pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                    pairs.stream().mapToDouble(pair -> pair[1]).toArray());
            return new PairedTest(metric, first, second, Optional.of(result), "");
        } catch (ScoreException e) {
            return new PairedTest(metric, first, second, Optional.empty(), e.getMessage());
        }
    }
}
