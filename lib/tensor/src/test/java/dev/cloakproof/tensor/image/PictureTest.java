package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PictureTest {
    private final Picture picture = Picture.of(2, 2, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1});

    @Test
    void samplesAreUnsignedAndInterleaved() {
        assertThat(picture.sample(1, 0, 2)).isEqualTo(5);
        assertThat(picture.sample(1, 1, 2)).isEqualTo(255);
    }

    @Test
    void writingToTheArraysDoesNotReachThePicture() {
        byte[] given = new byte[12];
        Picture black = Picture.of(2, 2, given);
        given[0] = 9;
        black.rgb()[1] = 9;

        assertThat(black.rgb()).containsOnly(0);
    }

    @Test
    void equalPicturesHaveEqualSidesAndSamples() {
        assertThat(picture)
                .isEqualTo(Picture.of(2, 2, picture.rgb()))
                .hasSameHashCodeAs(Picture.of(2, 2, picture.rgb()));
        assertThat(picture).isNotEqualTo(Picture.of(4, 1, picture.rgb())).isNotEqualTo(Picture.of(2, 2, new byte[12]));
    }

    @Test
    void aCropTakesTheNamedRectangle() {
        assertThat(picture.crop(1, 0, 1, 2)).isEqualTo(Picture.of(1, 2, new byte[] {3, 4, 5, 9, 10, -1}));
    }

    @Test
    void aCropOutsideIsRefused() {
        assertThatThrownBy(() -> picture.crop(1, 0, 2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void samplesThatDoNotFitTheSidesAreRefused() {
        assertThatThrownBy(() -> Picture.of(2, 2, new byte[11]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12")
                .hasMessageContaining("11");
        assertThatThrownBy(() -> Picture.of(0, 2, new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
