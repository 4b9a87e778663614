package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.image.ResizeFixtures.BlurCase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianBlurTest {
    static List<BlurCase> cases() {
        return ResizeFixtures.blurs();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyByteIsPillows(BlurCase fixture) {
        Picture blurred = GaussianBlur.of(fixture.source(), fixture.radiusX(), fixture.radiusY());

        assertThat(blurred).isEqualTo(fixture.expected());
    }

    @Test
    void theSourceStaysAsItWas() {
        Picture source = ResizeFixtures.source("noise");
        byte[] before = source.rgb();

        GaussianBlur.of(source, 5);

        assertThat(source.rgb()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, Float.NaN, Float.POSITIVE_INFINITY})
    void aRadiusThatIsNoLengthIsRefused(float radius) {
        Picture source = ResizeFixtures.source("dot");

        assertThatThrownBy(() -> GaussianBlur.of(source, radius)).isInstanceOf(IllegalArgumentException.class);
    }
}
