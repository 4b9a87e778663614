package dev.cloakproof.vision.clip;

import dev.cloakproof.vision.PublishedLayoutTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ClipLayoutTest {
    @Test
    void vitB32() throws IOException {
        PublishedLayoutTest.compare("openai-clip-vit-b32", p -> new Clip(ClipConfig.VIT_B32, ClipNames.OPENAI, p));
    }
}
