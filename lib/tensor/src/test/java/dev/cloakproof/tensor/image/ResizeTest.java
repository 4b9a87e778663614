package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.image.ResizeFixtures.ResizeCase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {
    static List<ResizeCase> cases() {
        return ResizeFixtures.resizes();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyByteIsPillows(ResizeCase fixture) {
        Picture expected = fixture.expected();

        Picture resized =
                Resize.to(fixture.source(), expected.width(), expected.height(), fixture.filter(), fixture.box());

        assertThat(resized).isEqualTo(expected);
    }

    @Test
    void aBoxThatReachesOutOfThePictureIsRefused() {
        Picture source = ResizeFixtures.source("noise");

        assertThatThrownBy(() -> Resize.to(source, 4, 4, Resampling.BOX, new Box(0, 0, 23.5f, 17)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("23.5")
                .hasMessageContaining("23x17");
    }

    @Test
    void anEmptyTargetIsRefused() {
        Picture source = ResizeFixtures.source("noise");

        assertThatThrownBy(() -> Resize.to(source, 0, 4, Resampling.BICUBIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x4");
    }

    @Test
    void anEmptyBoxIsRefused() {
        assertThatThrownBy(() -> new Box(3, 0, 3, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Box(Float.NaN, 0, 3, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
