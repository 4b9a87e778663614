package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class CdlPromptsTest {
    @Test
    void thePapersWording() {
        CdlPrompts prompts = CdlPrompts.paper("sks", "person");
        assertThat(prompts.instance()).isEqualTo("a photo of sks person with t@j noisy pattern");
        assertThat(prompts.prior()).isEqualTo("a photo of a person without t@j noisy pattern");
        assertThat(prompts.plainClass()).isEqualTo("a photo of a person");
        assertThat(prompts.samplingSuffix()).isEqualTo(" without t@j noisy pattern");
    }

    @Test
    void theReleasedCodesWordingHasCommasAndNoArticle() {
        CdlPrompts prompts = CdlPrompts.official("sks", "person");
        assertThat(prompts.instance()).isEqualTo("a photo of sks person, bhj noisy pattern");
        assertThat(prompts.prior()).isEqualTo("a photo of person, without bhj noisy pattern");
        assertThat(prompts.plainClass()).isEqualTo("a photo of person");
        assertThat(prompts.samplingSuffix()).isEqualTo(", without bhj noisy pattern");
    }

    @Test
    void plainDreamBoothHasNoToken() {
        CdlPrompts prompts = CdlPrompts.off("zwx", "dog");
        assertThat(prompts.instance()).isEqualTo("a photo of zwx dog");
        assertThat(prompts.prior()).isEqualTo("a photo of dog");
        assertThat(prompts.samplingSuffix()).isEmpty();
    }

    @Test
    void emptyWordsAreRefused() {
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> CdlPrompts.paper("sks", " "))
                .withMessage("the class noun is empty");
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> new CdlPrompts(PromptStyle.PAPER, "sks", "person", ""))
                .withMessage("the noise token is empty");
    }
}
