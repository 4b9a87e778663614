package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLegacyReaderTest {
    private static final byte[] MAGIC = {
        (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
    };

    @TempDir
    private Path folder;

    @Test
    void aPickleWithoutTorchsMagicNumberIsUnknown() throws IOException {
        var e = refused(new PickleBuilder().text("hello, world").stop());

        assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_FORMAT);
        assertThat(e).hasMessageContaining("magic number");
    }

    @Test
    void anotherProtocolIsRefused() throws IOException {
        assertThat(refused(stream(1002, true, object(), keys("0"), 2, 8)).reason())
                .isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void bigEndianStoragesAreRefused() throws IOException {
        assertThat(refused(stream(1001, false, object(), keys("0"), 2, 8)).reason())
                .isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void aStorageCutOffIsTruncated() throws IOException {
        var e = refused(stream(1001, true, object(), keys("0"), 2, 7));

        assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(e).hasMessageContaining("storage '0' takes 2 elements of 4 bytes");
    }

    @Test
    void aCountUnlikeTheReferencesIsRefused() throws IOException {
        var e = refused(stream(1001, true, object(), keys("0"), Long.MAX_VALUE, 8));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("has 9223372036854775807 elements, the object expects 2");
    }

    @Test
    void aStorageNobodyRefersToIsRefused() throws IOException {
        assertThat(refused(stream(1001, true, object(), keys("1"), 2, 8))).hasMessageContaining("not referred to");
    }

    @Test
    void aReferenceWithoutAStorageIsRefused() throws IOException {
        assertThat(refused(
                        stream(1001, true, object(), new PickleBuilder().list().stop(), 2, 8)))
                .hasMessageContaining("'0' is referred to but not in the file");
    }

    @Test
    void keysThatAreNoListAreRefused() throws IOException {
        assertThat(refused(
                        stream(1001, true, object(), new PickleBuilder().none().stop(), 2, 8)))
                .hasMessageContaining("list of storage keys");
    }

    @Test
    void aStorageMayBeAPartOfAnother() throws IOException {
        byte[] object = new PickleBuilder()
                .global("torch._utils", "_rebuild_tensor_v2")
                .mark()
                .mark()
                .text("storage")
                .global("torch", "FloatStorage")
                .text("0")
                .text("cpu")
                .number(4)
                .mark()
                .text("view")
                .number(2)
                .number(2)
                .tuple()
                .tuple()
                .op('Q')
                .number(1)
                .numbers(1)
                .numbers(1)
                .op(0x89)
                .none()
                .tuple()
                .op('R')
                .stop();
        Path file = Files.write(folder.resolve("a.pth"), stream(1001, true, object, keys("0"), 4, 16));

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            FileRange stored = checkpoint.entry("tensor").stored().orElseThrow();
            assertThat(Files.size(file) - stored.offset()).isEqualTo(4);
            assertThat(stored.length()).isEqualTo(4);
        }
    }

    @Test
    void aFileCutOffAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(CheckpointFixtures.file("state-legacy.pth"));

        for (int length = 0; length < whole.length; length++) {
            assertThat(refused(Arrays.copyOf(whole, length)))
                    .as("first %d bytes", length)
                    .isNotNull();
        }
    }

    private static byte[] object() {
        return new PickleBuilder()
                .dictionary()
                .text("weight")
                .tensor("0", 2, 0, new long[] {2}, new long[] {1})
                .setItem()
                .stop();
    }

    private static byte[] keys(String key) {
        return new PickleBuilder().list().text(key).append().stop();
    }

    private static byte[] stream(
            long protocol, boolean littleEndian, byte[] object, byte[] keys, long count, int data) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(new PickleBuilder().raw(MAGIC).stop());
        stream.writeBytes(new PickleBuilder().number(protocol).stop());
        stream.writeBytes(new PickleBuilder()
                .dictionary()
                .text("little_endian")
                .op(littleEndian ? 0x88 : 0x89)
                .setItem()
                .stop());
        stream.writeBytes(object);
        stream.writeBytes(keys);
        stream.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(count)
                .array());
        stream.writeBytes(new byte[data]);
        return stream.toByteArray();
    }

    private CheckpointException refused(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("a.pth"), content);
        return catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(file).close());
    }
}
