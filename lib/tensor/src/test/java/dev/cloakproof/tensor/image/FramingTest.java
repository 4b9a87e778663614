package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {
    @ParameterizedTest
    @CsvSource({"23, 17, 10, 13, 10", "17, 23, 10, 10, 13", "20, 20, 7, 7, 7", "3000, 3, 2, 2000, 2", "5, 3, 3, 5, 3"})
    void theLongerSideKeepsItsProportionRoundedDown(int width, int height, int side, int newWidth, int newHeight) {
        Picture framed = Framing.shorterSide(black(width, height), side, Resampling.BILINEAR);

        assertThat(framed.width()).isEqualTo(newWidth);
        assertThat(framed.height()).isEqualTo(newHeight);
    }

    @ParameterizedTest
    @CsvSource({"4, 4, 0", "5, 4, 0", "6, 4, 1", "7, 4, 2", "9, 4, 2", "11, 4, 4"})
    void anOddMarginIsSplitHalfToEven(int width, int cropped, int left) {
        byte[] rgb = new byte[width * 3];
        for (int x = 0; x < width; x++) {
            rgb[x * 3] = (byte) x;
        }

        Picture crop = Framing.centreCrop(Picture.of(width, 1, rgb), cropped, 1);

        assertThat(crop.width()).isEqualTo(cropped);
        assertThat(crop.sample(0, 0, 0)).isEqualTo(left);
    }

    @Test
    void aSquareIsTheMiddleOfTheResizedPicture() {
        Picture source = ResizeFixtures.source("smooth");

        Picture square = Framing.square(source, 24, Resampling.BICUBIC);

        assertThat(square)
                .isEqualTo(Resize.to(source, 32, 24, Resampling.BICUBIC).crop(4, 0, 24, 24));
    }

    @Test
    void aPictureSmallerThanTheCropIsRefused() {
        assertThatThrownBy(() -> Framing.centreCrop(black(8, 8), 9, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9x8")
                .hasMessageContaining("8x8");
    }

    private static Picture black(int width, int height) {
        return Picture.of(width, height, new byte[width * height * 3]);
    }
}
