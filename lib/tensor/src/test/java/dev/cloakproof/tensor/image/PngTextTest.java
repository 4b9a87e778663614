package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.image.PictureException.Reason;
import org.junit.jupiter.api.Test;

class PngTextTest {
    @Test
    void pillowsTextsAreReadFromAllThreeKindsOfChunk() {
        assertThat(PngText.read(PictureFixtures.file("text.png")))
                .containsEntry("Software", "Cloakproof")
                .containsEntry("prompt", "a photo of sks caf\u00e9 \u4eba")
                .containsEntry("plain", "na\u00efve \u2713")
                .containsEntry("long", "x".repeat(2000))
                .hasSize(4);
    }

    @Test
    void aFileThatIsNoPngHasNone() {
        var e = catchThrowableOfType(PictureException.class, () -> PngText.read(PictureFixtures.file("grey.jpg")));

        assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_FORMAT);
    }
}
