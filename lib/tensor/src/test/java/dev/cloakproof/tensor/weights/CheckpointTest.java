package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    static Set<String> files() {
        return CheckpointFixtures.expected().keySet();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyTensorIsWhatPythonSaved(String file) {
        var expected = CheckpointFixtures.expected().get(file);

        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file(file))) {
            assertThat(checkpoint.entries()).containsOnlyKeys(expected.keySet());
            expected.forEach((name, tensor) -> {
                TensorEntry entry = checkpoint.entry(name);
                assertThat(entry.name()).isEqualTo(name);
                assertThat(entry.type()).as(name).isEqualTo(tensor.type());
                assertThat(entry.shape()).as(name).isEqualTo(tensor.shape());
                assertThat(entry.byteLength()).as(name).isEqualTo(tensor.data().length);
                assertThat(bytes(checkpoint, entry)).as(name).isEqualTo(tensor.data());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatIsStoredIsFoundInTheFileAtItsOffset(String file) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file(file))) {
            for (TensorEntry entry : checkpoint.entries().values()) {
                if (entry.stored().isPresent()) {
                    assertThat(read(entry.stored().get())).isEqualTo(bytes(checkpoint, entry));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nested-zip.pt", "nested-legacy.pt"})
    void onlyViewsThatAreNotContiguousAreNotStored(String file) {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file(file))) {
            assertThat(checkpoint.entries().values().stream()
                            .filter(entry -> entry.stored().isEmpty())
                            .map(TensorEntry::name))
                    .containsExactlyInAnyOrder(
                            "params_ema.transposed",
                            "params_ema.permuted",
                            "params_ema.every_other",
                            "params_ema.expanded",
                            "params_ema.transposed_half");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"state-zip.pth", "state-legacy.pth", "nested-zip.pt", "script.pt"})
    void tensorsKeepTheFilesOrder(String file) {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file(file))) {
            assertThat(checkpoint.entries().keySet())
                    .containsExactlyElementsOf(
                            CheckpointFixtures.expected().get(file).keySet());
        }
    }

    @Test
    void aGatheredViewIsMadeOnce() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("nested-zip.pt"))) {
            TensorEntry entry = checkpoint.entry("params_ema.transposed");

            assertThat(checkpoint.bytes(entry).address())
                    .isEqualTo(checkpoint.bytes(entry).address());
        }
    }

    @Test
    void underAKeyNamesLackTheKey() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("nested-zip.pt"))) {
            assertThat(checkpoint.under("params_ema"))
                    .containsKey("plain.f32")
                    .containsEntry("scalar", checkpoint.entry("params_ema.scalar"))
                    .doesNotContainKey("optimizer.state.0.step");
            assertThat(checkpoint.under("optimizer.state")).containsOnlyKeys("0.step");
        }
    }

    @Test
    void aMissingKeyIsAnsweredWithThoseThereAre() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("nested-zip.pt"))) {
            var e = catchThrowableOfType(CheckpointException.class, () -> checkpoint.under("params"));

            assertThat(e.reason()).isEqualTo(Reason.MISSING);
            assertThat(e).hasMessageContaining("'params'").hasMessageContaining("[optimizer, pair, params_ema]");
        }
    }

    @Test
    void aMissingTensorIsNamed() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("types.safetensors"))) {
            var e = catchThrowableOfType(CheckpointException.class, () -> checkpoint.entry("conv.weight"));

            assertThat(e.reason()).isEqualTo(Reason.MISSING);
            assertThat(e).hasMessageContaining("conv.weight").hasMessageContaining("types.safetensors");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nested-zip.pt", "nested-legacy.pt"})
    void plainValuesOfAPyTorchFileAreMetadata(String file) {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file(file))) {
            assertThat(checkpoint.metadata())
                    .containsEntry("epoch", "12")
                    .containsEntry("arch", "tiny")
                    .containsEntry("frozen", "true")
                    .containsEntry("optimizer.groups.0.lr", "0.001")
                    .doesNotContainKey("nothing");
        }
    }

    @Test
    void safetensorsMetadataIsRead() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("types.safetensors"))) {
            assertThat(checkpoint.metadata()).containsExactly(Map.entry("format", "pt"));
        }
    }

    @Test
    void bytesAreReadOnly() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("nested-zip.pt"))) {
            assertThat(checkpoint.bytes(checkpoint.entry("params_ema.scalar")).isReadOnly())
                    .isTrue();
            assertThat(checkpoint
                            .bytes(checkpoint.entry("params_ema.transposed"))
                            .isReadOnly())
                    .isTrue();
        }
    }

    @Test
    void anotherCheckpointsEntryIsRefused() {
        try (Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("state-zip.pth"));
                Checkpoint other = Checkpoint.open(CheckpointFixtures.file("state-legacy.pth"))) {
            assertThatThrownBy(() -> checkpoint.bytes(other.entry("conv.weight")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aClosedCheckpointGivesNoMoreBytes() {
        Checkpoint checkpoint = Checkpoint.open(CheckpointFixtures.file("types.safetensors"));
        MemorySegment bytes = checkpoint.bytes(checkpoint.entry("scalar"));
        checkpoint.close();

        assertThatThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE html><html>", "version https://git-lfs", "\u0089PNG\r\n\u001a\nxxxx"})
    void aFileOfAnotherKindIsNamedAsUnknown(String content, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("model.pth"), content);

        assertThat(reason(file)).isEqualTo(Reason.UNKNOWN_FORMAT);
    }

    @Test
    void aFileTooShortForAnyFormatIsTruncated(@TempDir Path folder) throws IOException {
        var e = refused(Files.writeString(folder.resolve("a.pth"), "PK"));

        assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(e).hasMessageContaining("only 2 bytes");
    }

    @Test
    void aMissingFileAndAFolderAreNoCheckpoints(@TempDir Path folder) {
        assertThat(reason(folder.resolve("missing.pth"))).isEqualTo(Reason.IO);
        assertThat(reason(folder)).isEqualTo(Reason.IO);
    }

    private static Reason reason(Path file) {
        return refused(file).reason();
    }

    private static CheckpointException refused(Path file) {
        return catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(file).close());
    }

    private static byte[] bytes(Checkpoint checkpoint, TensorEntry entry) {
        return checkpoint.bytes(entry).toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] read(FileRange range) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(range.file().toFile(), "r")) {
            byte[] bytes = new byte[Math.toIntExact(range.length())];
            file.seek(range.offset());
            file.readFully(bytes);
            return bytes;
        }
    }
}
