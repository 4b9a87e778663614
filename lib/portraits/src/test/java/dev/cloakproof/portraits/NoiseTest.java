package dev.cloakproof.portraits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NoiseTest {
    @Test
    void waveIsCloseToTheSine() {
        for (float turns = -3; turns < 3; turns += 0.01f) {
            assertThat(Noise.wave(turns)).isCloseTo((float) Math.sin(2 * Math.PI * turns), within(0.061f));
        }
    }

    @Test
    void floorRoundsDown() {
        assertThat(Noise.floor(-0.5f)).isEqualTo(-1);
        assertThat(Noise.floor(-2)).isEqualTo(-2);
        assertThat(Noise.floor(1.99f)).isEqualTo(1);
    }

    @Test
    void valueNoiseIsContinuousAndUsesItsRange() {
        float least = 1;
        float most = 0;
        for (float x = -20; x < 20; x += 0.01f) {
            float here = Noise.value(x, 0.3f, 5);
            assertThat(Noise.value(x + 0.001f, 0.3f, 5)).isCloseTo(here, within(0.01f));
            least = Math.min(least, here);
            most = Math.max(most, here);
        }
        assertThat(least).isBetween(0f, 0.2f);
        assertThat(most).isBetween(0.8f, 1f);
    }

    @Test
    void stepAndBumpReachTheirEnds() {
        assertThat(Noise.step(1, 2, 0.5f)).isZero();
        assertThat(Noise.step(1, 2, 1.5f)).isEqualTo(0.5f);
        assertThat(Noise.step(1, 2, 3)).isEqualTo(1);
        // Edges the other way round fall instead.
        assertThat(Noise.step(2, 1, 0.5f)).isEqualTo(1);
        assertThat(Noise.bump(0)).isEqualTo(1);
        assertThat(Noise.bump(-1)).isZero();
        assertThat(Noise.bump(7)).isZero();
    }
}
