package dev.cloakproof.vision.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CLIP from OpenAI's and from Hugging Face's kind of file against float64 runs of their libraries. */
@Tag(Parity.TAG)
class ClipParityTest {
    @ParameterizedTest
    @CsvSource({"clip-openai, ViT.pt", "clip-hf, model.safetensors"})
    void picturesAndTexts(String name, String file) {
        try (var _ = Scope.open();
                var clip = Clip.load(Fixtures.file(name, file), Placement.REFERENCE)) {
            assertThat(clip.config()).isEqualTo(new ClipConfig(64, 16, 128, 1, 2, 48, 300, 77, 64, 2, 1));
            Map<String, Tensor> fixture = Fixtures.load(name);
            Tensor pictures = clip.encodePictures(fixture.get("in.pixels"));
            Parity.relative(name + " pictures", pictures, fixture.get("out.pictures"), 1e-4);
            Tensor texts = clip.encodeTexts(fixture.get("in.ids"));
            Parity.relative(name + " texts", texts, fixture.get("out.texts"), 1e-4);
            assertThat(clip.scale()).isCloseTo(Math.exp(3), within(1e-4));
            assertThatThrownBy(() -> clip.encodePictures(Tensor.zeros(1, 3, 64, 32)))
                    .hasMessageContaining("expected pictures of 64 x 64 pixels, found [1, 3, 64, 32]");
            assertThatThrownBy(() -> clip.encodeTexts(Tensor.zeros(1, 78).to(dev.cloakproof.tensor.DType.I64)))
                    .hasMessageContaining("a text of 78 tokens: at most 77 fit");
        }
    }
}
