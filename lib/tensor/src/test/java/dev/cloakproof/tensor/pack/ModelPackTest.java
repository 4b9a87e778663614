package dev.cloakproof.tensor.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeAPack() throws IOException {
        Files.createDirectories(folder.resolve("x4"));
        Files.writeString(folder.resolve("x4/weights"), "some weights");
        Files.writeString(folder.resolve("face.pth"), "a face");
        Files.writeString(folder.resolve(ModelPack.MANIFEST), """
                {"name": "test", "components": {
                  "upscaler": {"family": "x4-upscaler", "path": "x4", "licence": "MIT", "files":
                    [{"path": "x4/weights", "bytes": 12, "sha256": "%s"}]},
                  "detector": {"family": "retinaface", "path": "face.pth", "licence": "MIT", "files":
                    [{"path": "face.pth", "bytes": 6, "sha256": "%s"}]}}}
                """.formatted(
                        ModelPack.sha256(folder.resolve("x4/weights")), ModelPack.sha256(folder.resolve("face.pth"))));
    }

    private void manifest(String text) throws IOException {
        Files.writeString(folder.resolve(ModelPack.MANIFEST), text);
    }

    private void refused(String... reasons) {
        assertThatExceptionOfType(PackException.class)
                .isThrownBy(() -> ModelPack.open(folder))
                .satisfies(e -> assertThat(e.getMessage()).contains(reasons));
    }

    @Test
    void aGoodPackSaysWhereItsComponentsLie() {
        ModelPack pack = ModelPack.open(folder);
        assertThat(pack.name()).isEqualTo("test");
        assertThat(pack.path("upscaler", "x4-upscaler")).isEqualTo(folder.resolve("x4"));
        assertThat(pack.has("detector")).isTrue();
        assertThat(pack.has("parser")).isFalse();
    }

    @Test
    void whatAUserNeedsIsNamedInOneError() {
        ModelPack pack = ModelPack.open(folder);
        pack.require(Map.of("upscaler", "x4-upscaler", "detector", "retinaface"));
        assertThatExceptionOfType(PackException.class)
                .isThrownBy(() -> pack.require(
                        Map.of("upscaler", "stable-diffusion", "detector", "retinaface", "parser", "parsenet")))
                .withMessageContaining("no component 'parser'")
                .withMessageContaining("'upscaler': expected the family stable-diffusion, found x4-upscaler");
    }

    @Test
    void aPackMayBringNumbersThatSuitIt() throws IOException {
        assertThat(ModelPack.open(folder).defaults("training")).isEmpty();
        manifest("""
                {"name": "test", "components": {}, "defaults": {"training": {"steps": 300, "learning_rate": 5e-4}}}
                """);
        assertThat(ModelPack.open(folder).defaults("training"))
                .containsOnly(Map.entry("steps", 300.0), Map.entry("learning_rate", 5e-4));
        manifest("""
                {"name": "test", "components": {}, "defaults": {"training": {"steps": "many"}}}
                """);
        refused("is not a manifest");
    }

    @Test
    void theHashOfAFileIsTheStandards() throws IOException {
        // The digest of the three bytes "abc" in FIPS 180-2.
        Path abc = Files.writeString(folder.resolve("abc"), "abc");
        assertThat(ModelPack.sha256(abc)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void everyDamagedFileIsNamedInOneError() throws IOException {
        Files.writeString(folder.resolve("x4/weights"), "some weightz");
        Files.delete(folder.resolve("face.pth"));
        refused("x4/weights: expected SHA-256", "face.pth is missing");
    }

    @Test
    void aFileOfAnotherLengthIsRefused() throws IOException {
        Files.writeString(folder.resolve("face.pth"), "a longer face");
        refused("face.pth: expected 6 bytes, found 13");
    }

    @Test
    void aMissingComponentAndOneOfAnotherFamilyAreRefused() {
        ModelPack pack = ModelPack.open(folder);
        assertThatExceptionOfType(PackException.class)
                .isThrownBy(() -> pack.path("parser", "parsenet"))
                .withMessageContaining("has no component 'parser', only [detector, upscaler]");
        assertThatExceptionOfType(PackException.class)
                .isThrownBy(() -> pack.path("detector", "scrfd"))
                .withMessageContaining("'detector': expected the family scrfd, found retinaface");
    }

    @Test
    void aFileOutsideOfThePackIsNotLookedAt() throws IOException {
        manifest("""
                {"name": "t", "components": {"a": {"family": "f", "path": "a", "licence": "MIT", "files":
                  [{"path": "../secret", "bytes": 1, "sha256": "00"}]}}}
                """);
        refused("../secret lies outside of the pack");
    }

    @Test
    void aBrokenManifestIsRefused() throws IOException {
        manifest("{\"name\": ");
        refused("is not a manifest");
        manifest("{\"name\": \"x\"}");
        refused("lacks a name");
        manifest("{\"name\": \"x\", \"components\": {\"a\": {\"family\": \"f\"}}}");
        refused("is not a manifest");
        manifest("{\"name\": \"x\", \"surprise\": 1, \"components\": {}}");
        refused("is not a manifest", "surprise");
        Files.delete(folder.resolve(ModelPack.MANIFEST));
        refused("cannot be read");
    }
}
