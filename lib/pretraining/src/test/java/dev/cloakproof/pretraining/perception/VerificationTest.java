package dev.cloakproof.pretraining.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
    private static float[] at(double degrees) {
        return new float[] {(float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))};
    }

    @Test
    void peopleFarApartAreAlwaysTold() {
        Verification found = Verification.of(List.of(List.of(at(0), at(10)), List.of(at(90), at(100))));
        assertThat(found.accuracy()).isEqualTo(1);
        assertThat(found.threshold()).isBetween(Math.cos(Math.toRadians(80)), Math.cos(Math.toRadians(10)) + 1e-6);
    }

    @Test
    void whoLooksLikeTheOtherIsMistaken() {
        // One pair of one person is farther apart than two of the four pairs of two people.
        Verification found = Verification.of(List.of(List.of(at(0), at(60)), List.of(at(50), at(55))));
        assertThat(found.accuracy()).isBetween(0.2, 0.8);
        assertThat(found.same()).isGreaterThan(found.different() - 1);
    }
}
