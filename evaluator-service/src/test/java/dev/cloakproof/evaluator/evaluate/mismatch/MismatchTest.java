package dev.cloakproof.evaluator.evaluate.mismatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MismatchTest {
    static Stream<Projection> projections() {
        return Stream.of(new TruncatedSvd(), new Tsne(15), new Umap(12));
    }

    /** Three clouds of 30 points in 20 dimensions, far from each other, stay three clouds. */
    @ParameterizedTest
    @MethodSource("projections")
    void cloudsStayApart(Projection projection) {
        double[][] points = clouds();
        double[][] plane = projection.project(points, 4);
        int together = 0;
        for (int i = 0; i < plane.length; i++) {
            together += nearest(plane, i) / 30 == i / 30 ? 1 : 0;
        }
        assertThat(together).isEqualTo(90);
        assertThat(projection.project(points, 4)).isDeepEqualTo(plane);
    }

    @ParameterizedTest
    @MethodSource("projections")
    void fewOrEqualPointsArePlacedToo(Projection projection) {
        for (double[][] points :
                List.of(new double[][] {{1, 2, 3}, {1, 2, 3}}, new double[][] {{0, 0}, {1, 0}, {0, 1}})) {
            double[][] plane = projection.project(points, 1);
            assertThat(plane).hasDimensions(points.length, 2);
            assertThat(Arrays.stream(plane).flatMapToDouble(Arrays::stream)).allMatch(Double::isFinite);
        }
    }

    @Test
    void singularValuesAreTheLengthsOfTheAxes() {
        // Rows along two axes of a turned frame, with lengths 5 and 2 in all.
        double[][] points = {{3, 0, 0}, {-4, 0, 0}, {0, 1.2, 1.6}, {0, 0, 0}};
        double[][] plane = new TruncatedSvd().project(points, 1);
        assertThat(column(plane, 0)).containsExactly(new double[] {-3, 4, 0, 0}, within(1e-9));
        assertThat(column(plane, 1)).containsExactly(new double[] {0, 0, 2, 0}, within(1e-9));
    }

    @Test
    void affinitiesHaveTheAskedPerplexity() {
        double[][] squared = Distances.squared(clouds());
        double[] row = Tsne.conditional(squared[7], 7, Math.log(10));
        double entropy =
                -Arrays.stream(row).filter(p -> p > 0).map(p -> p * Math.log(p)).sum();
        assertThat(Math.exp(entropy)).isCloseTo(10, within(1e-4));
    }

    @Test
    void theGradientIsThatOfTheDivergence() {
        double[][] near = Tsne.affinities(Distances.squared(clouds()), 10);
        var random = new SplittableRandom(2);
        double[][] plane = new double[90][2];
        for (double[] row : plane) {
            row[0] = random.nextGaussian();
            row[1] = random.nextGaussian();
        }
        double[][] slope = Tsne.gradient(near, plane, 1);
        double step = 1e-5;
        plane[3][1] += step;
        double above = divergence(near, plane);
        plane[3][1] -= 2 * step;
        double below = divergence(near, plane);
        assertThat(slope[3][1]).isCloseTo((above - below) / (2 * step), within(1e-6));
    }

    /** A point's sure neighbours add up to log2 of their number before both views are joined. */
    @Test
    void theGraphIsSymmetricAndWithinProbabilities() {
        double[][] graph = Umap.graph(Distances.squared(clouds()), 12);
        for (int i = 0; i < graph.length; i++) {
            assertThat(graph[i][i]).isZero();
            assertThat(Arrays.stream(graph[i]).max().orElseThrow()).isCloseTo(1, within(1e-12));
            assertThat(Arrays.stream(graph[i]).sum()).isGreaterThan(Math.log(12) / Math.log(2) - 1e-3);
            for (int j = 0; j < i; j++) {
                assertThat(graph[i][j]).isEqualTo(graph[j][i]).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void aPlotNamesItsKindsAndEscapesThem() {
        String svg = new ScatterPlot("a < b")
                .add("clean & <kind>", new double[][] {{0, 0}, {1, 1}})
                .add("one", new double[][] {{2, 2}})
                .toSvg();
        assertThat(svg)
                .contains("a &lt; b", "clean &amp; &lt;kind&gt;", "</svg>")
                .doesNotContain("NaN");
        assertThat(svg.split("class=\"mark series-0")).as("points and legend").hasSize(4);
        assertThat(svg.split("class=\"mark series-1")).hasSize(3);
        assertThatThrownBy(() -> new Tsne(0)).hasMessageContaining("perplexity is at least 1");
        assertThatThrownBy(() -> new Umap(1)).hasMessageContaining("neighbours are at least 2");
    }

    private static double divergence(double[][] near, double[][] plane) {
        double[][] squared = Distances.squared(plane);
        double sum = 0;
        for (int i = 0; i < plane.length; i++) {
            for (int j = 0; j < plane.length; j++) {
                sum += i == j ? 0 : 1 / (1 + squared[i][j]);
            }
        }
        double divergence = 0;
        for (int i = 0; i < plane.length; i++) {
            for (int j = 0; j < plane.length; j++) {
                if (near[i][j] > 0) {
                    divergence += near[i][j] * Math.log(near[i][j] * sum * (1 + squared[i][j]));
                }
            }
        }
        return divergence;
    }

    private static double[][] clouds() {
        var random = new SplittableRandom(9);
        double[][] points = new double[90][20];
        for (int i = 0; i < 90; i++) {
            for (int d = 0; d < 20; d++) {
                points[i][d] = random.nextGaussian() + (d % 3 == i / 30 ? 6 : 0);
            }
        }
        return points;
    }

    private static int nearest(double[][] plane, int self) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < plane.length; j++) {
            double distance = Math.hypot(plane[j][0] - plane[self][0], plane[j][1] - plane[self][1]);
            if (j != self && distance < least) {
                least = distance;
                best = j;
            }
        }
        return best;
    }

    private static double[] column(double[][] plane, int d) {
        return Arrays.stream(plane).mapToDouble(row -> row[d]).toArray();
    }
}
