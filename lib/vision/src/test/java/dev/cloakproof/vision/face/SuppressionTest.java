package dev.cloakproof.vision.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuppressionTest {
    private static final List<Point> MARKS = java.util.Collections.nCopies(5, new Point(0, 0));

    @Test
    void aBetterBoxHidesThoseThatOverlapIt() {
        Face best = box(0, 0, 10, 10, 0.9);
        Face hidden = box(1, 1, 11, 11, 0.8); // 81 of 119
        Face beside = box(6, 0, 16, 10, 0.7); // 40 of 160
        assertThat(Suppression.keepBest(List.of(beside, hidden, best), 0.4, 0)).containsExactly(best, beside);
        assertThat(Suppression.keepBest(List.of(beside, hidden, best), 0.7, 0)).containsExactly(best, hidden, beside);
        assertThat(Suppression.keepBest(List.of(), 0.4, 0)).isEmpty();
    }

    @Test
    void edgesMayNamePixels() {
        Face a = box(0, 0, 9, 9, 1);
        Face b = box(5, 0, 14, 9, 1);
        assertThat(Suppression.intersectionOverUnion(a, b, 1)).isCloseTo(50.0 / 150, within(1e-12));
        assertThat(Suppression.intersectionOverUnion(a, b, 0)).isCloseTo(36.0 / 126, within(1e-12));
    }

    private static Face box(double left, double top, double right, double bottom, double score) {
        return new Face(left, top, right, bottom, score, MARKS);
    }
}
