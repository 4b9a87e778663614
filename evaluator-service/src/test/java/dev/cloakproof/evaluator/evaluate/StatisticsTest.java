package dev.cloakproof.evaluator.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void signedRanksAreSciPys() throws IOException {
        int cases = 0;
        for (String line : Files.readAllLines(Path.of("src", "test", "resources", "signed-ranks.tsv"))) {
            if (line.startsWith("#")) {
                continue;
            }
            double[] numbers = Arrays.stream(line.split("\t"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double[] differences = Arrays.copyOfRange(numbers, 2, numbers.length);
            Wilcoxon.Result found = Wilcoxon.test(differences, new double[differences.length]);
            assertThat(found.statistic()).isEqualTo(numbers[0]);
            assertThat(found.probability()).isCloseTo(numbers[1], within(1e-9 * numbers[1]));
            cases++;
        }
        assertThat(cases).isEqualTo(8);
    }

    @Test
    void signedRanksNeedPairsThatDiffer() {
        assertThatThrownBy(() -> Wilcoxon.test(new double[2], new double[3]))
                .hasMessageContaining("found 2 and 3 values");
        assertThatThrownBy(() -> Wilcoxon.test(new double[2], new double[2])).hasMessageContaining("no pair differs");
        assertThatThrownBy(() -> Wilcoxon.test(new double[] {1, Double.NaN}, new double[2]))
                .hasMessageContaining("pair 1 has none");
    }

    @Test
    void theNormalDistribution() {
        assertThat(Normal.below(0)).isEqualTo(0.5);
        assertThat(Normal.below(-1.959963984540054)).isCloseTo(0.025, within(1e-12));
        assertThat(Normal.below(-8)).isCloseTo(6.22096057427178e-16, within(1e-25));
        assertThat(Normal.below(6)).isCloseTo(1, within(1e-8));
    }

    /** Of 200 sets of 40 normal values the 95 % interval holds the true mean in about 190. */
    @Test
    void intervalsHoldTheTrueMeanAsOftenAsTheySay() {
        var random = new SplittableRandom(5);
        int held = 0;
        for (int set = 0; set < 200; set++) {
            double[] values =
                    random.doubles(40).map(u -> 3 + random.nextGaussian()).toArray();
            Interval interval = Bootstrap.mean(values, 0.95, 1000, set);
            held += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
            assertThat(interval.mean()).isBetween(interval.low(), interval.high());
        }
        assertThat(held).isBetween(178, 199);
    }

    @Test
    void intervalsAreAsWideAsTheNormalOnesOfManyValues() {
        var random = new SplittableRandom(8);
        double[] values = random.doubles(400).map(u -> random.nextGaussian()).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        double half = 1.96 * Math.sqrt(variance / values.length);
        Interval interval = Bootstrap.mean(values, 0.95, 4000, 3);
        assertThat(interval.low()).isCloseTo(mean - half, within(0.06 * half));
        assertThat(interval.high()).isCloseTo(mean + half, within(0.06 * half));
    }

    @Test
    void intervalsAreOfNumbersAndRepeatable() {
        double[] values = {1, 2, 3, 4};
        assertThat(Bootstrap.mean(values, 0.9, 500, 1)).isEqualTo(Bootstrap.mean(values, 0.9, 500, 1));
        assertThat(Bootstrap.mean(new double[] {2}, 0.9, 10, 1)).isEqualTo(new Interval(2, 2, 2, 1));
        assertThatThrownBy(() -> Bootstrap.mean(new double[0], 0.9, 10, 1)).isInstanceOf(ScoreException.class);
        assertThatThrownBy(() -> Bootstrap.mean(new double[] {1, Double.NaN}, 0.9, 10, 1))
                .isInstanceOf(ScoreException.class)
                .hasMessageContaining("NaN");
    }
}
