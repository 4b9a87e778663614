package dev.cloakproof.sampler.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PresetTest {
    @Test
    void paperAndCodeWordTheSuffixDifferently() {
        assertThat(Preset.PAPER.suffix(Preset.PAPER.noiseToken())).isEqualTo(" without t@j noisy pattern");
        assertThat(Preset.OFFICIAL.suffix(Preset.OFFICIAL.noiseToken())).isEqualTo(", without bhj noisy pattern");
    }

    @Test
    void aWeightOfSevenAndAHalfIsAScaleOfEightAndAHalf() {
        assertThat(Preset.PAPER.guidanceScale()).isEqualTo(8.5);
        assertThat(Preset.OFFICIAL.guidanceScale()).isEqualTo(7.5);
        assertThat(Preset.CORRECTED.guidanceScale()).isEqualTo(7.5);
    }
}
