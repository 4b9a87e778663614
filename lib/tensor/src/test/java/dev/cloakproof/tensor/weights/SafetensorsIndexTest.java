package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsIndexTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void aShardIsThere() throws IOException {
        Files.copy(CheckpointFixtures.file("sharded-00001-of-00002.safetensors"), folder.resolve("one.safetensors"));
    }

    @Test
    void theIndexDecidesWhichTensorsThereAre() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(index("""
                {"metadata": {"total_size": 8}, "weight_map": {"a.bias": "one.safetensors"}}"""))) {
            assertThat(checkpoint.entries()).containsOnlyKeys("a.bias");
            assertThat(checkpoint.metadata()).containsEntry("total_size", "8");
        }
    }

    @Test
    void missingShardsAreAllNamed() throws IOException {
        var e = refused("""
                {"weight_map": {"a.bias": "one.safetensors", "b": "two.safetensors", "c": "three.safetensors"}}""");

        assertThat(e.reason()).isEqualTo(Reason.SHARDS);
        assertThat(e).hasMessageContaining("2 of 3 shards are missing: three.safetensors, two.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../one.safetensors",
                "/etc/passwd",
                "sub/one.safetensors",
                "..",
                "a\\\\b",
                "C:x",
                "",
                "a\\u0000b"
            })
    void aShardThatIsNoPlainFileNameIsRefused(String shard) throws IOException {
        var e = refused("{\"weight_map\": {\"a.bias\": \"" + shard + "\"}}");

        assertThat(e.reason()).isEqualTo(Reason.SHARDS);
        assertThat(e).hasMessageContaining("plain file name");
    }

    @Test
    void aTensorThatItsShardLacksIsNamed() throws IOException {
        var e = refused("{\"weight_map\": {\"a.scale\": \"one.safetensors\"}}");

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("'a.scale' is not in its shard one.safetensors");
    }

    @Test
    void aBrokenShardIsNamed() throws IOException {
        Files.writeString(folder.resolve("two.safetensors"), "no tensors at all");

        var e = refused("{\"weight_map\": {\"a.bias\": \"two.safetensors\"}}");

        assertThat(e).hasMessageContaining("two.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"weights\": {}}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": [1]}",
                "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\": {\"a\": \"x\"",
                "{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}}"
            })
    void anIndexWithoutAMapOfTensorToFileIsRefused(String content) throws IOException {
        assertThat(refused(content).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        assertThat(refused("{\"metadata\": " + "[".repeat(100_000)).reason()).isEqualTo(Reason.MALFORMED);
    }

    private CheckpointException refused(String content) throws IOException {
        Path index = index(content);
        return catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(index).close());
    }

    private Path index(String content) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), content);
    }
}
