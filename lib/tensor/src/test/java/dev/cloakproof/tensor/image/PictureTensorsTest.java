package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTensorsTest {
    private static Picture everyLevel() {
        byte[] rgb = new byte[16 * 16 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 7);
        }
        return Picture.of(16, 16, rgb);
    }

    @Test
    void everyLevelSurvivesTheWayThereAndBack() {
        try (var _ = Scope.open()) {
            Picture picture = everyLevel();
            assertThat(PictureTensors.ofUnit(PictureTensors.unit(List.of(picture, picture))))
                    .containsExactly(picture, picture);
            assertThat(PictureTensors.ofSigned(PictureTensors.signed(List.of(picture))))
                    .containsExactly(picture);
        }
    }

    @Test
    void channelsComeBeforeRows() {
        try (var _ = Scope.open()) {
            Picture picture = Picture.of(2, 1, new byte[] {0, 51, (byte) 255, 102, 0, 0});
            Tensor tensor = PictureTensors.unit(List.of(picture));
            assertThat(tensor.shape()).containsExactly(1, 3, 1, 2);
            assertThat(tensor.toFloats()).containsExactly(0, 0.4f, 0.2f, 0, 1, 0);
        }
    }

    @Test
    void valuesOutsideAreClamped() {
        try (var _ = Scope.open()) {
            Picture picture = PictureTensors.ofSigned(Tensor.of(new float[] {-7, 0.001f, 9}, 1, 3, 1, 1))
                    .getFirst();
            assertThat(picture.rgb()).containsExactly(0, (byte) 128, (byte) 255);
        }
    }

    @Test
    void mixedSizesAreRefused() {
        try (var _ = Scope.open()) {
            List<Picture> mixed = List.of(everyLevel(), Picture.of(1, 1, new byte[3]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PictureTensors.unit(mixed))
                    .withMessageContaining("expected 16 x 16, found 1 x 1");
        }
    }
}
