package dev.cloakproof.vision.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** LIQE and CLIP-IQAC on a small CLIP against float64 (scores.py). */
@Tag(Parity.TAG)
class QualityParityTest {
    @Test
    void liqeAndIqac() {
        List<String> asked = new ArrayList<>();
        PromptEncoder encoder = sentences -> {
            asked.addAll(sentences);
            return ids(asked.size() - sentences.size(), sentences.size());
        };
        try (var _ = Scope.open();
                var clip = Clip.load(Fixtures.file("clip-openai", "ViT.pt"), Placement.REFERENCE);
                var liqe = new Liqe(clip, encoder)) {
            assertThat(asked).hasSize(495);
            assertThat(asked.get(0))
                    .isEqualTo("a photo of a animal with jpeg2000 compression artifacts, which is of bad quality");
            assertThat(asked.get(12))
                    .isEqualTo("a photo of a cityscape with jpeg compression artifacts, which is of bad quality");
            assertThat(asked.getLast())
                    .isEqualTo("a photo of a others with other artifacts, which is of perfect quality");
            Map<String, Tensor> fixture = Fixtures.load("quality");
            Picture blocks = picture(fixture.get("in.picture"));
            Picture picture = Resize.to(blocks, 168, 200, Resampling.NEAREST);
            Parity.relative("liqe", Tensor.scalar(liqe.score(picture)).reshape(1), fixture.get("out.liqe"), 1e-4);
            assertThatThrownBy(() -> liqe.score(picture.crop(0, 0, 63, 200)))
                    .hasMessageContaining("15 patches of 64 pixels, 9 apart; Picture[63x200] has 0");

            Parity.relative(
                    "pictures for clip", ClipPictures.framed(List.of(picture), 64), fixture.get("out.framed"), 1e-5);

            asked.clear();
            try (var iqac = new ClipIqac(clip, encoder, "person")) {
                assertThat(asked).containsExactly("a good photo of face", "a bad photo of face");
                Parity.relative(
                        "clip-iqac",
                        Tensor.scalar(iqac.score(picture.crop(0, 0, 64, 64))).reshape(1),
                        fixture.get("out.iqac"),
                        1e-4);
            }
        }
    }

    /** What stands for the n-th sentence in scores.py. */
    private static Tensor ids(int first, int count) {
        long[] ids = new long[count * 77];
        for (int i = 0; i < count; i++) {
            long n = first + i;
            ids[i * 77] = 298;
            ids[i * 77 + 1] = 1 + n * 7 % 290;
            ids[i * 77 + 2] = 1 + n * 13 % 280;
            ids[i * 77 + 3] = 299;
        }
        return Tensor.of(ids, count, 77);
    }

    private static Picture picture(Tensor levels) {
        long[] values = levels.toLongs();
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) values[i];
        }
        return Picture.of((int) levels.size(1), (int) levels.size(0), rgb);
    }
}
