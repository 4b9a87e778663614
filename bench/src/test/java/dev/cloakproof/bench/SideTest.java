package dev.cloakproof.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SideTest {
    private static Side printing(String script) {
        return new Side("fake", List.of("sh", "-c", script));
    }

    @Test
    void figuresOfAllProcessesAreCollected() throws Exception {
        Side side =
                printing("echo noise; echo '{\"steps\": {\"unet\": {\"seconds\": [3, 1]}}, \"peak_rss_bytes\": 5}'");
        side.measure();
        side.measure();
        assertThat(side.figures())
                .containsEntry("unet_step", List.of(3.0, 1.0, 3.0, 1.0))
                .containsEntry("peak_rss_bytes", List.of(5.0, 5.0))
                .hasSize(2);
    }

    @Test
    void aSideThatFailsEndsTheBenchmark() {
        assertThatIOException().isThrownBy(() -> printing("exit 3").measure()).withMessage("fake ended with code 3");
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Measurement.median(List.of(4.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Measurement.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    @Test
    void thePeakOfThisProcessIsKnown() {
        assertThat(Measurement.peakBytes()).isBetween(10_000_000L, 20_000_000_000L);
        assertThat(Measurement.sinceStart()).isBetween(0.01, 3600.0);
    }
}
