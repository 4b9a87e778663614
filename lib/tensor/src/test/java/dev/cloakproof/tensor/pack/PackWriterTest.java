package dev.cloakproof.tensor.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackWriterTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectories(folder.resolve("x4/unet"));
        Files.writeString(folder.resolve("x4/unet/weights"), "some weights");
        Files.writeString(folder.resolve("x4/README.md"), "a card");
    }

    @Test
    void whatIsWrittenOpens() throws IOException {
        new PackWriter(folder, "mini")
                .component("upscaler", "x4-upscaler", "x4", "Apache-2.0")
                .component("again", "other", "x4/README.md", "Apache-2.0")
                .defaults("training", Map.of("steps", 300.0))
                .write();
        ModelPack pack = ModelPack.open(folder);
        assertThat(pack.name()).isEqualTo("mini");
        assertThat(pack.path("upscaler", "x4-upscaler")).isEqualTo(folder.resolve("x4"));
        assertThat(pack.components().get("upscaler").files())
                .extracting(Component.PackFile::path)
                .containsExactly("x4/README.md", "x4/unet/weights");
        assertThat(pack.defaults("training")).containsOnly(Map.entry("steps", 300.0));
    }

    @Test
    void aFileThatChangesAfterwardsIsFound() throws IOException {
        new PackWriter(folder, "mini")
                .component("upscaler", "x4-upscaler", "x4", "Apache-2.0")
                .write();
        Files.writeString(folder.resolve("x4/unet/weights"), "sOme weights");
        assertThatExceptionOfType(PackException.class)
                .isThrownBy(() -> ModelPack.open(folder))
                .withMessageContaining("x4/unet/weights: expected SHA-256");
    }

    @Test
    void aComponentThatIsNotThereStopsTheWriting() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> new PackWriter(folder, "mini").component("clip", "clip", "clip", "Apache-2.0"));
        assertThat(folder.resolve(ModelPack.MANIFEST)).doesNotExist();
    }
}
