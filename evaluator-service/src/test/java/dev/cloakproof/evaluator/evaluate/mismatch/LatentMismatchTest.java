package dev.cloakproof.evaluator.evaluate.mismatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.quality.PromptEncoder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatentMismatchTest {
    /** The small random CLIP of lib/vision's fixtures: what it says means nothing, how it is put together does. */
    private static final Path CLIP =
            Path.of("..", "lib", "vision", "src", "test", "resources", "fixtures", "clip-openai", "ViT.pt");

    @Test
    void picturesLieBetweenTheConceptAndNoise() {
        PromptEncoder encoder = sentences -> {
            long[] ids = new long[sentences.size() * 4];
            for (int i = 0; i < sentences.size(); i++) {
                ids[4 * i] = 298;
                ids[4 * i + 1] = 1 + Math.floorMod(sentences.get(i).hashCode(), 290);
                ids[4 * i + 2] = 299;
            }
            return Tensor.of(ids, sentences.size(), 4);
        };
        try (var _ = Scope.open();
                var clip = Clip.load(CLIP, Placement.REFERENCE)) {
            var mismatch = new LatentMismatch(clip, encoder);
            List<Picture> pictures = List.of(flat(20), flat(120), flat(250));
            LatentMismatch.Places places = mismatch.places(pictures);
            assertThat(places.all()).hasDimensions(3 + 5 + 5, clip.config().embedding());
            for (double[] point : places.all()) {
                assertThat(Arrays.stream(point).map(x -> x * x).sum()).isCloseTo(1, within(1e-5));
            }
            for (int i = 0; i < 3; i++) {
                double margin =
                        mean(places.pictures()[i], places.concept()) - mean(places.pictures()[i], places.noise());
                assertThat(places.person()[i]).isCloseTo(1 / (1 + Math.exp(-100 * margin)), within(1e-6));
            }
            long near = Arrays.stream(places.person()).filter(p -> p > 0.5).count();
            assertThat(places.onPersonsSide()).isEqualTo(near / 3.0);
            assertThat(mismatch.places(pictures.subList(1, 2)).person()[0]).isEqualTo(places.person()[1]);
            assertThatThrownBy(() -> mismatch.places(List.of())).hasMessage("no pictures");
        }
    }

    private static double mean(double[] point, double[][] sentences) {
        return Arrays.stream(sentences)
                .mapToDouble(sentence -> {
                    double sum = 0;
                    for (int d = 0; d < point.length; d++) {
                        sum += point[d] * sentence[d];
                    }
                    return sum;
                })
                .average()
                .orElseThrow();
    }

    private static Picture flat(int level) {
        byte[] rgb = new byte[3 * 70 * 80];
        Arrays.fill(rgb, (byte) level);
        return Picture.of(70, 80, rgb);
    }
}
