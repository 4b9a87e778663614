package dev.cloakproof.sampler.sample.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rates of docs/adr/0410: how many of 40 marked pictures are still found. */
@Tag("slow")
class SurvivalTest {
    private static final int COUNT = 40;

    @ParameterizedTest
    @CsvSource({
        "96, none, 40", "96, jpeg, 38", "96, crop, 37", "96, resize, 38",
        "128, none, 40", "128, jpeg, 40", "128, crop, 40", "128, resize, 40",
        "256, none, 40", "256, jpeg, 40", "256, crop, 40", "256, resize, 40",
    })
    void mostAreFound(int side, String damage, int least) {
        UnaryOperator<Picture> harm =
                switch (damage) {
                    case "jpeg" -> picture -> PictureReader.DEFAULT.read(PictureWriter.jpeg(picture, 75));
                    case "crop" -> picture -> picture.crop(side / 14, side / 28, side * 9 / 10, side * 9 / 10);
                    case "resize" -> picture -> Resize.to(picture, side * 11 / 10, side * 11 / 10, Resampling.BICUBIC);
                    default -> picture -> picture;
                };
        RunTag tag = RunTag.of("runs/r-1");
        List<Detection> found = IntStream.range(0, COUNT)
                .mapToObj(i -> i % 4 == 3
                        ? new ArtworkDomain().render(1000 + i, 2000 + i, side)
                        : WatermarkTest.portrait(i, side))
                .map(picture -> WatermarkDetector.detect(harm.apply(Watermark.embed(picture, tag))))
                .filter(Detection::found)
                .toList();
        assertThat(found).hasSizeGreaterThanOrEqualTo(least);
        assertThat(found).allSatisfy(one -> assertThat(one.tag().orElse(tag)).isEqualTo(tag));
    }
}
