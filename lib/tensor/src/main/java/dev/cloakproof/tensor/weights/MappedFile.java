package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A whole file mapped read-only: no copy and no 2 GiB limit. Reads outside it are a
 * {@link CheckpointException.Reason#TRUNCATED}.
 *
 * @param path the file, for messages
 * @param bytes all of it, alive as long as the arena it was mapped in
 */
record MappedFile(Path path, MemorySegment bytes) {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static MappedFile map(Path path, Arena arena) {
        try {
            // A pipe or a device would block or never end.
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new CheckpointException(Reason.IO, path, "not a file");
            }
            try (FileChannel channel = FileChannel.open(path)) {
                return new MappedFile(path, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
            }
        } catch (NoSuchFileException e) {
            throw new CheckpointException(Reason.IO, path, "no such file", e);
        } catch (IOException e) {
            throw new CheckpointException(Reason.IO, path, "cannot be read: " + e.getMessage(), e);
        }
    }

    long size() {
        return bytes.byteSize();
    }

    int u8(long offset) {
        return slice(offset, 1, "a byte").get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    }

    int u16(long offset) {
        return slice(offset, 2, "a 16-bit number").get(U16, 0) & 0xffff;
    }

    long u32(long offset) {
        return slice(offset, 4, "a 32-bit number").get(U32, 0) & 0xffff_ffffL;
    }

    long i64(long offset) {
        return slice(offset, 8, "a 64-bit number").get(I64, 0);
    }

    /** A part of the file; {@code what} names it in the message if the file ends before. */
    MemorySegment slice(long offset, long length, String what) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new CheckpointException(
                    Reason.TRUNCATED,
                    path,
                    "%s takes %d bytes at %d, the file has %d".formatted(what, length, offset, size()));
        }
        return bytes.asSlice(offset, length);
    }

    CheckpointException malformed(String detail) {
        return new CheckpointException(Reason.MALFORMED, path, detail);
    }
}
