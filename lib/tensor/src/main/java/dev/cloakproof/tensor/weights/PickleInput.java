package dev.cloakproof.tensor.weights;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes of pickles, one after another. Each is read within a window, so that a length, or a line without an end, takes
 * no more memory than a pickle may have.
 */
final class PickleInput extends InputStream {
    private final MemorySegment bytes;
    private long position;
    private long end;

    PickleInput(MemorySegment bytes) {
        this.bytes = bytes;
        this.end = bytes.byteSize();
    }

    /** Lets the next pickle have at most so many bytes. */
    void open(long window) {
        end = bytes.byteSize() - position > window ? position + window : bytes.byteSize();
    }

    /** Bytes read so far. */
    long position() {
        return position;
    }

    /** Bytes left in the window. */
    long remaining() {
        return end - position;
    }

    /**
     * The number that comes next, without moving on: little endian, unsigned.
     *
     * @param width in bytes, at most 8
     * @return -1 if it does not fit 63 bits or the bytes end before
     */
    long peek(int width) {
        if (remaining() < width) {
            return -1;
        }
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | bytes.get(ValueLayout.JAVA_BYTE, position + i) & 0xff;
        }
        return value < 0 ? -1 : value;
    }

    @Override
    public int read() {
        return remaining() == 0 ? -1 : bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = (int) Math.min(length, remaining());
        if (count == 0) {
            return -1;
        }
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, target, offset, count);
        position += count;
        return count;
    }
}
