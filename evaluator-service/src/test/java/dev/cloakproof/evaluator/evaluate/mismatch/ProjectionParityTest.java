package dev.cloakproof.evaluator.evaluate.mismatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UMAP and t-SNE against umap-learn and scikit-learn (projections.py). */
class ProjectionParityTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonNode reference;
    private double[][] points;

    @BeforeEach
    void read() throws IOException {
        reference = JSON.readTree(
                Path.of("src", "test", "resources", "projections.json").toFile());
        points = matrix("points");
    }

    private double[][] matrix(String name) throws IOException {
        return JSON.treeToValue(reference.get(name), double[][].class);
    }

    /** umap-learn calculates in float32 and stops its search for a width at 1e-5. */
    @Test
    void umapsGraphAndCurveAreTheReferences() throws IOException {
        double[][] graph = Umap.graph(
                Distances.squared(points), reference.get("neighbours").asInt());
        double[][] expected = matrix("graph");
        for (int i = 0; i < expected.length; i++) {
            assertThat(graph[i]).as("row %d", i).containsExactly(expected[i], within(1e-4));
        }
        assertThat(Umap.A).isCloseTo(reference.get("a").asDouble(), within(1e-6));
        assertThat(Umap.B).isCloseTo(reference.get("b").asDouble(), within(1e-6));
    }

    /** scikit-learn stops its search for a precision at an entropy 1e-5 from the asked one. */
    @Test
    void tsnesProbabilitiesAreTheReferences() throws IOException {
        double[][] near = Tsne.affinities(
                Distances.squared(points), reference.get("perplexity").asDouble());
        double[][] expected = matrix("near");
        double largest =
                Arrays.stream(expected).flatMapToDouble(Arrays::stream).max().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
            assertThat(near[i]).as("row %d", i).containsExactly(expected[i], within(1e-4 * largest));
        }
    }

    @Test
    void planesKeepNeighbourhoodsAsWellAsTheReferences() {
        int neighbours = reference.get("neighbours").asInt();
        var planes = List.of(
                new Umap(neighbours).project(points, 0),
                new Tsne(reference.get("perplexity").asDouble()).project(points, 0));
        for (int i = 0; i < 2; i++) {
            String name = List.of("umap", "tsne").get(i);
            double theirs = reference.at("/trustworthiness/" + name).asDouble();
            assertThat(trustworthiness(points, planes.get(i), neighbours))
                    .as(name)
                    .isGreaterThan(theirs - 0.02);
        }
        double[][] thrown = IntStream.range(0, points.length)
                .mapToObj(i -> new double[] {i * 37 % 75, i * 53 % 75})
                .toArray(double[][]::new);
        assertThat(trustworthiness(points, thrown, neighbours)).as("chance").isLessThan(0.7);
    }

    /** How few of the neighbours in the plane are strangers in space (Venna and Kaski 2001); 1 for none. */
    private static double trustworthiness(double[][] points, double[][] plane, int neighbours) {
        int n = points.length;
        double[][] far = Distances.squared(points);
        double[][] near = Distances.squared(plane);
        double penalty = 0;
        for (int i = 0; i < n; i++) {
            List<Integer> inSpace = order(far[i], i);
            for (int neighbour : order(near[i], i).subList(0, neighbours)) {
                penalty += Math.max(0, inSpace.indexOf(neighbour) + 1 - neighbours);
            }
        }
        return 1 - penalty * 2 / (n * neighbours * (2.0 * n - 3 * neighbours - 1));
    }

    private static List<Integer> order(double[] distances, int self) {
        return IntStream.range(0, distances.length)
                .filter(j -> j != self)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> distances[j]))
                .toList();
    }
}
