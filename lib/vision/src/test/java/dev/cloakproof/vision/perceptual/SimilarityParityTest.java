package dev.cloakproof.vision.perceptual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SSIM, MS-SSIM and PSNR against float64 runs of piq. */
@Tag(Parity.TAG)
class SimilarityParityTest {
    @ParameterizedTest
    @CsvSource({"even, 176, 192", "odd, 171, 203", "large, 520, 400"})
    void piqsNumbers(String name, int height, int width) {
        try (var _ = Scope.open()) {
            Generator generator = Generator.seeded(6100);
            Tensor blocks = generator.uniform(1, 3, 12, 13);
            Tensor noise = generator.uniform(1, 3, height, width);
            Tensor x = Functions.upsampleNearest(blocks, height, width);
            Tensor y = x.add(noise.add(-0.5).mul(0.2)).clamp(0, 1);
            Picture a = PictureTensors.ofUnit(x).getFirst();
            Picture b = PictureTensors.ofUnit(y).getFirst();
            Tensor u = PictureTensors.unit(List.of(a));
            Tensor v = PictureTensors.unit(List.of(b));
            Map<String, Tensor> fixture = Fixtures.load("similarity");
            Parity.relative("ssim " + name, Ssim.ssim(u, v), fixture.get("out." + name + ".ssim"), 1e-4);
            Parity.relative("ms-ssim " + name, Ssim.multiScale(u, v), fixture.get("out." + name + ".msssim"), 1e-4);
            double psnr = fixture.get("out." + name + ".psnr").item();
            assertThat(Psnr.of(a, b)).isCloseTo(psnr, within(1e-4 * psnr));
        }
    }

    @Test
    void equalPicturesAndBadPairs() {
        try (var _ = Scope.open()) {
            Tensor x = Generator.seeded(1).uniform(1, 3, 161, 170);
            assertThat(Ssim.ssim(x, x).item()).isCloseTo(1, within(1e-5));
            assertThat(Ssim.multiScale(x, x).item()).isCloseTo(1, within(1e-5));
            assertThatThrownBy(() -> Ssim.multiScale(x.narrow(2, 0, 160), x.narrow(2, 0, 160)))
                    .hasMessageContaining("at least 161 pixels here, found 170x160");
            assertThatThrownBy(() -> Ssim.ssim(x, x.narrow(2, 0, 100))).hasMessageContaining("pictures of one size");
            Picture one = Picture.of(1, 1, new byte[3]);
            assertThat(Psnr.of(one, one)).isEqualTo(Psnr.MOST);
            assertThatThrownBy(() -> Psnr.of(one, Picture.of(2, 1, new byte[6])))
                    .hasMessageContaining("of one size");
        }
    }
}
