package dev.cloakproof.portraits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.portraits.Canvas.Painted;
import org.junit.jupiter.api.Test;

class CanvasTest {
    @Test
    void aPixelIsTheMeanOfItsPoints() {
        // The edge runs through the middle of the pixels of column 50.
        Painted painted = Canvas.paint(100, (x, y, paint) -> {
            paint.set(x < 0.505f ? Colour.WHITE : Colour.BLACK);
            paint.part = y < 0.25f ? 3 : 7;
        });
        assertThat(painted.picture().sample(49, 10, 0)).isEqualTo(255);
        assertThat(painted.picture().sample(50, 10, 1)).isEqualTo(128);
        assertThat(painted.picture().sample(51, 10, 2)).isZero();
        assertThat(painted.parts()[24 * 100]).isEqualTo((byte) 3);
        assertThat(painted.parts()[25 * 100]).isEqualTo((byte) 7);
    }

    @Test
    void smallPicturesLookAtMorePoints() {
        int[] looks = new int[1];
        Canvas.paint(16, (x, y, paint) -> looks[0]++);
        assertThat(looks[0]).isEqualTo(16 * 16 * 9);
    }

    @Test
    void levelsOutsideAreClamped() {
        Painted painted = Canvas.paint(16, (x, y, paint) -> {
            paint.red = 3;
            paint.green = -2;
            paint.blue = 0.5f;
        });
        assertThat(painted.picture().sample(5, 5, 0)).isEqualTo(255);
        assertThat(painted.picture().sample(5, 5, 1)).isZero();
        assertThat(painted.picture().sample(5, 5, 2)).isEqualTo(128);
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Canvas.paint(15, (x, y, paint) -> {})).hasMessageContaining("found 15");
        assertThatThrownBy(() -> Canvas.paint(1025, (x, y, paint) -> {})).hasMessageContaining("found 1025");
    }
}
