package dev.cloakproof.sampler.sample.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatermarkTest {
    private static final RunTag TAG = RunTag.of("runs/r-1");

    @ParameterizedTest
    @ValueSource(ints = {96, 128, 256})
    void theMarkIsFoundAndSaysWhereThePictureIsFrom(int side) {
        Detection found = WatermarkDetector.detect(Watermark.embed(portrait(1, side), TAG));
        assertThat(found.found()).isTrue();
        assertThat(found.tag()).contains(TAG);
        assertThat(found.scale()).isEqualTo(1);
    }

    @Test
    void itSurvivesJpegCroppingAndResizing() {
        Picture marked = Watermark.embed(portrait(1, 96), TAG);
        assertFound(PictureReader.DEFAULT.read(PictureWriter.jpeg(marked, 75)));
        assertFound(marked.crop(5, 3, 86, 88));
        assertFound(Resize.to(marked, 110, 110, Resampling.BICUBIC));
        assertFound(Resize.to(marked, 86, 86, Resampling.BICUBIC));
    }

    @Test
    void theSizeThatThePictureHadIsFoundToo() {
        Picture marked = Watermark.embed(portrait(1, 256), TAG);
        Picture larger = Resize.to(marked, 320, 320, Resampling.BICUBIC);
        assertThat(WatermarkDetector.detect(larger).scale()).isCloseTo(1.25, within(0.01));
    }

    @Test
    void unmarkedPicturesHaveNone() {
        for (int seed = 0; seed < 12; seed++) {
            Detection none = WatermarkDetector.detect(portrait(seed, 96));
            assertThat(none.found()).isFalse();
            assertThat(none.tag()).isEmpty();
        }
        Detection grey = WatermarkDetector.detect(Picture.of(96, 96, new byte[96 * 96 * 3]));
        assertThat(grey.found()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 64, 96, 512})
    void itIsInvisible(int side) {
        for (int seed = 0; seed < 4; seed++) {
            Picture picture = portrait(seed, side);
            assertThat(psnr(picture, Watermark.embed(picture, TAG))).isGreaterThan(40);
        }
    }

    @Test
    void theSamePictureIsMarkedTheSameWay() {
        assertThat(Watermark.embed(portrait(2, 64), TAG)).isEqualTo(Watermark.embed(portrait(2, 64), TAG));
    }

    @Test
    void aTagIsTheBeginningOfTheOriginsHash() {
        // printf runs/r-1 | sha256sum
        assertThat(TAG.toString()).isEqualTo("f9c8d3");
        assertThatThrownBy(() -> new RunTag(1 << 24)).hasMessageContaining("24 bits");
    }

    private static void assertFound(Picture picture) {
        Detection found = WatermarkDetector.detect(picture);
        assertThat(found.found()).as("score %s", found.score()).isTrue();
        assertThat(found.tag()).contains(TAG);
    }

    static Picture portrait(int seed, int side) {
        return new PortraitDomain().render(1000 + seed, 2000 + seed, side);
    }

    static double psnr(Picture a, Picture b) {
        byte[] before = a.rgb();
        byte[] after = b.rgb();
        double squares = 0;
        for (int i = 0; i < before.length; i++) {
            int change = (before[i] & 0xff) - (after[i] & 0xff);
            squares += change * change;
        }
        return 10 * Math.log10(255 * 255 / (squares / before.length));
    }
}
