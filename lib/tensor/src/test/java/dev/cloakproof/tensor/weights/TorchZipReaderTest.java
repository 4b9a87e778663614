package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchZipReaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "call-zip.pt, __builtin__.print",
        "call-legacy.pt, __builtin__.print",
        "module.pt, __main__.Tiny",
        "sparse.pt, torch._utils._rebuild_sparse_tensor"
    })
    void aClassThatIsNoTensorIsRefusedByName(String fixture, String name) {
        var e = refused(CheckpointFixtures.file(fixture));

        assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN_CLASS);
        assertThat(e).hasMessageContaining("the pickle names " + name);
    }

    @Test
    void theFolderMayHaveAnyName() throws IOException {
        Path file = new TorchArchive()
                .entry("my model/data.pkl", oneTensor())
                .entry("my model/data/0", new byte[8])
                .entry("my model/code/data.pkl.py", new byte[1])
                .write(folder.resolve("a.pt"));

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.entries()).containsOnlyKeys("weight");
        }
    }

    @Test
    void anArchiveWithoutAPickleIsNotTorchs() throws IOException {
        var e = refused(new TorchArchive().storage("0", 8).write(folder.resolve("a.pt")));

        assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_FORMAT);
        assertThat(e).hasMessageContaining("data.pkl");
    }

    @Test
    void anArchiveWithTwoPicklesIsRefused() throws IOException {
        var e = refused(new TorchArchive()
                .entry("a/data.pkl", oneTensor())
                .entry("b/data.pkl", oneTensor())
                .write(folder.resolve("a.pt")));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("[a, b]");
    }

    @ParameterizedTest
    @CsvSource({"archive/data.pkl", "archive/data/0"})
    void aCompressedEntryIsRefusedByName(String name) throws IOException {
        var e = refused(new TorchArchive()
                .pickle(oneTensor())
                .storage("0", 8)
                .compressing(name)
                .write(folder.resolve("a.pt")));

        assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(e).hasMessageContaining("'" + name + "' is compressed");
    }

    @Test
    void bigEndianStoragesAreRefused() throws IOException {
        var e = refused(new TorchArchive()
                .pickle(oneTensor())
                .storage("0", 8)
                .byteOrder("big")
                .write(folder.resolve("a.pt")));

        assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(e).hasMessageContaining("little endian");
    }

    @Test
    void aMissingStorageIsNamed() throws IOException {
        var e = refused(new TorchArchive().pickle(oneTensor()).write(folder.resolve("a.pt")));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("'archive/data/0'");
    }

    @Test
    void aStorageShorterThanThePickleSaysIsRefused() throws IOException {
        var e = refused(new TorchArchive().pickle(oneTensor()).storage("0", 7).write(folder.resolve("a.pt")));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("storage '0' has 2 elements of 4 bytes, its entry only 7");
    }

    @Test
    void aDamagedPickleIsFoundByItsChecksum() throws IOException {
        byte[] archive = Files.readAllBytes(
                new TorchArchive().pickle(oneTensor()).storage("0", 8).write(folder.resolve("a.pt")));
        int weight = new String(archive, StandardCharsets.ISO_8859_1).indexOf("weight");
        archive[weight] = 'W';

        var e = refused(Files.write(folder.resolve("b.pt"), archive));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("checksum");
    }

    @Test
    void anArchiveCutOffHasNoDirectory() throws IOException {
        byte[] archive = Files.readAllBytes(CheckpointFixtures.file("state-zip.pth"));

        var e = refused(Files.write(folder.resolve("a.pt"), Arrays.copyOf(archive, archive.length - 30)));

        assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(e).hasMessageContaining("directory");
    }

    @Test
    void moreEntriesThanTheDirectoryHasRoomForAreRefused() throws IOException {
        byte[] archive = Files.readAllBytes(
                new TorchArchive().pickle(oneTensor()).storage("0", 8).write(folder.resolve("a.pt")));
        ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putShort(archive.length - 22 + 10, (short) 0xfffe);

        var e = refused(Files.write(folder.resolve("b.pt"), archive));

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(e).hasMessageContaining("65534 entries");
    }

    @Test
    void aZip64DirectoryIsRead() throws IOException {
        byte[] archive = Files.readAllBytes(
                new TorchArchive().pickle(oneTensor()).storage("0", 8).write(folder.resolve("a.pt")));

        try (Checkpoint checkpoint = Checkpoint.open(Files.write(folder.resolve("b.pt"), Zip64.of(archive)))) {
            assertThat(checkpoint.entries()).containsOnlyKeys("weight");
        }
    }

    @Test
    void storagesMayBeUntyped() throws IOException {
        byte[] pickle = new PickleBuilder()
                .dictionary()
                .text("weight")
                .global("torch._utils", "_rebuild_tensor_v3")
                .mark()
                .storage("UntypedStorage", "0", 8)
                .number(1)
                .numbers(3)
                .numbers(1)
                .op(0x89)
                .none()
                .global("torch", "bfloat16")
                .tuple()
                .op('R')
                .setItem()
                .stop();
        Path file = new TorchArchive().pickle(pickle).storage("0", 8).write(folder.resolve("a.pt"));

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            TensorEntry weight = checkpoint.entry("weight");
            assertThat(weight.type()).isEqualTo(ElementType.BF16);
            assertThat(checkpoint.bytes(weight).byteSize()).isEqualTo(6);
        }
    }

    private static byte[] oneTensor() {
        return new PickleBuilder()
                .dictionary()
                .text("weight")
                .tensor("0", 2, 0, new long[] {2}, new long[] {1})
                .setItem()
                .stop();
    }

    private static CheckpointException refused(Path file) {
        return catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(file).close());
    }
}
