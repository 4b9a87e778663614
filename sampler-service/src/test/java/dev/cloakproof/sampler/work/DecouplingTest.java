package dev.cloakproof.sampler.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.sampler.sample.Preset;
import dev.cloakproof.service.records.ModelManifest;
import dev.cloakproof.v1.SamplingParameters;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecouplingTest {
    private static final String OWN = " without xjy noisy pattern";

    private static Optional<ModelManifest> model(String caption, String suffix) {
        return Optional.of(new ModelManifest(1, "tiny", "0", caption, suffix, List.of()));
    }

    private static Decoupling of(SamplingParameters.Builder asked, Preset preset, Optional<ModelManifest> model) {
        return Decoupling.of(asked.build(), true, preset, model);
    }

    private static SamplingParameters.Builder nothing() {
        return SamplingParameters.newBuilder();
    }

    @Test
    void aModelIsAskedInTheWordsThatItWasTrainedWith() {
        Optional<ModelManifest> model = model("", OWN);
        assertThat(of(nothing(), Preset.PAPER, model)).isEqualTo(new Decoupling(OWN, "xjy noisy pattern"));
        // The other preset words its suffix differently, so its words would give another one.
        assertThat(of(nothing(), Preset.OFFICIAL, model)).isEqualTo(new Decoupling(OWN, ""));
    }

    @Test
    void theRequestComesFirst() {
        Optional<ModelManifest> model = model("", OWN);
        assertThat(of(nothing().setNoiseToken("abc"), Preset.PAPER, model).suffix())
                .isEqualTo(" without abc");
        assertThat(of(nothing().setDecoupling(false), Preset.PAPER, model).suffix())
                .isEmpty();
    }

    @Test
    void aPackThatNoSuffixSuitsHasNoneUnlessAskedFor() {
        Optional<ModelManifest> model = model("", OWN);
        SamplingParameters token = nothing().setNoiseToken("abc").build();
        assertThat(Decoupling.of(token, false, Preset.PAPER, model)).isEqualTo(new Decoupling("", ""));
        SamplingParameters asked = nothing().setDecoupling(true).build();
        assertThat(Decoupling.of(asked, false, Preset.PAPER, model).suffix()).isEqualTo(OWN);
    }

    @Test
    void aModelWithoutDecouplingHasNoSuffixUnlessAskedForOrInTheReleasedCode() {
        Optional<ModelManifest> plain = model("", "");
        assertThat(of(nothing(), Preset.PAPER, plain).suffix()).isEmpty();
        assertThat(of(nothing().setDecoupling(true), Preset.PAPER, plain).suffix())
                .isEqualTo(" without t@j noisy pattern");
        assertThat(of(nothing(), Preset.OFFICIAL, plain).suffix()).isEqualTo(", without bhj noisy pattern");
    }

    @Test
    void theBaseHasThePresets() {
        assertThat(of(nothing(), Preset.PAPER, Optional.empty()).suffix()).isEqualTo(" without t@j noisy pattern");
        assertThat(Decoupling.prompts(Preset.PAPER, Optional.empty())).isEqualTo(Preset.PAPER.prompts());
    }

    @Test
    void promptsAreAboutWhatWasTrained() {
        assertThat(Decoupling.prompts(Preset.PAPER, model("a photo of sks dog with xjy noisy pattern", OWN)))
                .containsExactly("a photo of sks dog", "a smiling photo of sks dog");
        assertThat(Decoupling.prompts(
                        Preset.PAPER, model("a photo of sks dog, bhj noisy pattern", ", without bhj noisy pattern")))
                .containsExactly("a photo of sks dog", "a smiling photo of sks dog");
        assertThat(Decoupling.prompts(Preset.PAPER, model("sks in the rain", "")))
                .containsExactly("sks in the rain");
    }
}
