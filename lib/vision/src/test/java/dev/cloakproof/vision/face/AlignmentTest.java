package dev.cloakproof.vision.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.image.AffineMap;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Alignments against OpenCV 4.8 and scikit-image (geometry.py), outliers among them. OpenCV stops refining when
 * steps become small, hence 1e-4: a ten-thousandth of a pixel.
 */
class AlignmentTest {
    @Test
    void similaritiesAreThoseOfTheReferences() throws IOException {
        List<String> lines = Files.readAllLines(Fixtures.file("geometry", "alignments.tsv"));
        assertThat(lines).hasSize(26);
        for (String line : lines.subList(1, lines.size())) {
            double[] numbers = Arrays.stream(line.split("\t"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            List<Point> from = new ArrayList<>();
            for (int i = 0; i < 10; i += 2) {
                from.add(new Point(numbers[i], numbers[i + 1]));
            }
            check("median " + from, Alignment.leastMedian(from, Alignment.FFHQ_512), numbers, 10);
            check("squares " + from, Alignment.leastSquares(from, Alignment.ARCFACE_112), numbers, 16);
        }
    }

    private static void check(String name, AffineMap found, double[] numbers, int at) {
        double[] values = {found.xx(), found.xy(), found.x0(), found.yx(), found.yy(), found.y0()};
        for (int i = 0; i < 6; i++) {
            double expected = numbers[at + i];
            assertThat(values[i]).as(name).isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
        }
    }

    @Test
    void landmarksOnOnePointAreRefused() {
        List<Point> same = List.of(new Point(3, 4), new Point(3, 4), new Point(3, 4), new Point(3, 4), new Point(3, 4));
        assertThatThrownBy(() -> Alignment.leastSquares(same, Alignment.ARCFACE_112))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no similarity");
        assertThatThrownBy(() -> Alignment.leastMedian(same, Alignment.FFHQ_512))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no similarity");
    }
}
