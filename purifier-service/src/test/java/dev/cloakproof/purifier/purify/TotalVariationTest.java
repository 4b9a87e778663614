package dev.cloakproof.purifier.purify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The solver against an interior-point solver's optimum (tvm.py). */
class TotalVariationTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOptimumIsThatOfAGeneralSolver(boolean interleaved) throws IOException {
        List<double[]> lines = Files.readAllLines(Path.of("src", "test", "resources", "tvm.tsv")).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split("\t"))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
        double[] head = lines.get(0);
        double[] samples = lines.get(1);
        boolean[] counted = new boolean[samples.length];
        for (int i = 0; i < counted.length; i++) {
            counted[i] = lines.get(2)[i] == 1;
        }
        var problem = new TotalVariation((int) head[0], (int) head[1], samples, counted, head[2], interleaved);
        double optimum = head[interleaved ? 4 : 3];
        TotalVariation.Solution solution = problem.solve(1e-4, 100_000, _ -> {});
        assertThat(solution.reached()).isTrue();
        assertThat(solution.objective()).isCloseTo(optimum, within(2e-4 * optimum));
        assertThat(solution.objective() - optimum)
                .as("the proven gap holds")
                .isLessThanOrEqualTo(solution.gap() + 1e-7);
        assertThat(Arrays.stream(solution.values())).allMatch(value -> value >= 0 && value <= 1);
    }

    @Test
    void aFlatPictureIsItsOwnOptimum() {
        double[] flat = new double[4 * 5 * 3];
        Arrays.fill(flat, 0.25);
        boolean[] counted = new boolean[flat.length];
        Arrays.fill(counted, true);
        var solution = new TotalVariation(4, 5, flat, counted, 1, false).solve(1e-6, 1000, _ -> {});
        assertThat(solution.objective()).isZero();
        assertThat(solution.reached()).isTrue();
    }

    @Test
    void theNearestMatrixOfTheNuclearBall() {
        // Singular values 3 and 1 of a diagonal matrix become 1 and 0.
        double[] matrix = {3, 0, 0, 0, 1, 0};
        assertThat(SingularValues.largest(matrix, 2, 3)).isCloseTo(3, within(1e-12));
        SingularValues.projectToNuclearBall(matrix, 2, 3);
        assertThat(matrix).containsExactly(new double[] {1, 0, 0, 0, 0, 0}, within(1e-12));
        double[] inside = {0.5, 0, 0, 0, 0.25, 0};
        SingularValues.projectToNuclearBall(inside, 2, 3);
        assertThat(inside).containsExactly(0.5, 0, 0, 0, 0.25, 0);
    }
}
