package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import dev.cloakproof.tensor.weights.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"types.safetensors", "none.safetensors", "sharded-00001-of-00002.safetensors"})
    void whatPythonWroteComesOutByteForByte(String fixture) throws IOException {
        Path original = CheckpointFixtures.file(fixture);
        Path copy = folder.resolve("copy.safetensors");

        try (Checkpoint checkpoint = Checkpoint.open(original)) {
            List<Tensor> tensors = new ArrayList<>();
            checkpoint
                    .entries()
                    .values()
                    .forEach(entry -> tensors.add(
                            new Tensor(entry.name(), entry.type(), entry.shape(), () -> checkpoint.bytes(entry))));
            Collections.reverse(tensors);
            SafetensorsWriter.write(copy, tensors, checkpoint.metadata());
        }

        assertThat(copy).hasSameBinaryContentAs(original);
    }

    @Test
    void namesAndMetadataMayHoldAnything() {
        Path file = folder.resolve("a.safetensors");
        String name = "layer \"0\"\n\u00e4\u4e2d\ud83d\ude00";

        SafetensorsWriter.write(file, List.of(bytes(name, 1)), Map.of("prompt", "a \"photo\"\tof \u00e9"));

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.entries()).containsOnlyKeys(name);
            assertThat(checkpoint.metadata()).containsEntry("prompt", "a \"photo\"\tof \u00e9");
        }
    }

    @Test
    void aTensorLargerThanAChunkIsWrittenWhole() {
        Path file = folder.resolve("a.safetensors");
        byte[] data = new byte[(1 << 22) + 5];
        data[data.length - 1] = 7;

        SafetensorsWriter.write(
                file,
                List.of(new Tensor(
                        "a", ElementType.U8, List.of((long) data.length), () -> MemorySegment.ofArray(data))),
                Map.of());

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.bytes(checkpoint.entry("a")).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(data);
        }
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingBeside() throws IOException {
        Path file = Files.writeString(folder.resolve("a.safetensors"), "old");
        Tensor failing = new Tensor("b", ElementType.U8, List.of(1L), () -> {
            throw new IllegalStateException("no data");
        });

        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(bytes("a", 4), failing), Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no data");

        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(Files.list(folder)).hasSize(1);
    }

    @Test
    void bytesThatDoNotFitTheShapeAreRefused() {
        Tensor tensor = new Tensor("a", ElementType.F32, List.of(2L), () -> MemorySegment.ofArray(new byte[7]));

        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("a"), List.of(tensor), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes 8 bytes, was given 7");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aNameMayComeOnceAndMayNotBeTheMetadatas() {
        Path file = folder.resolve("a");

        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(bytes("a", 1), bytes("a", 1)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' is taken");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(bytes("__metadata__", 1)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anImpossibleShapeIsRefused() {
        assertThatThrownBy(() -> new Tensor("a", ElementType.U8, List.of(-1L), () -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[-1]");
    }

    @Test
    void aFolderThatIsNotThereIsAnIoFailure() {
        Path file = folder.resolve("missing").resolve("a.safetensors");

        var e = catchThrowableOfType(
                CheckpointException.class, () -> SafetensorsWriter.write(file, List.of(bytes("a", 1)), Map.of()));

        assertThat(e.reason()).isEqualTo(Reason.IO);
    }

    private static Tensor bytes(String name, int length) {
        return new Tensor(name, ElementType.U8, List.of((long) length), () -> MemorySegment.ofArray(new byte[length]));
    }
}
