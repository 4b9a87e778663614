package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The compressed data of a PNG, whose chunks may cut it anywhere. Gives no more than the rows take, however much there
 * is.
 */
final class PngData implements AutoCloseable {
    /** Much at once: near the end of what it may fill, zlib goes byte by byte. */
    private static final int MOST_AT_ONCE = 1 << 16;

    private final Inflater inflater = new Inflater();
    private final Iterator<ByteBuffer> chunks;
    private final byte[] inflated;
    private int position;
    private int limit;
    private long left;

    /** @param rows bytes of all rows with their filters */
    PngData(List<ByteBuffer> chunks, long rows) {
        this.chunks = chunks.iterator();
        this.left = rows;
        this.inflated = new byte[(int) Math.min(MOST_AT_ONCE, rows)];
    }

    int readByte() {
        if (position == limit) {
            fill();
        }
        return inflated[position++] & 0xff;
    }

    void readFully(byte[] target, int begin, int length) {
        int filled = 0;
        while (filled < length) {
            if (position == limit) {
                fill();
            }
            int count = Math.min(length - filled, limit - position);
            System.arraycopy(inflated, position, target, begin + filled, count);
            position += count;
            filled += count;
        }
    }

    private void fill() {
        int most = (int) Math.min(inflated.length, left);
        int count;
        try {
            count = inflater.inflate(inflated, 0, most);
            while (count == 0) {
                feed();
                count = inflater.inflate(inflated, 0, most);
            }
        } catch (DataFormatException e) {
            throw new PictureException(Reason.MALFORMED, "PNG data cannot be inflated: " + e.getMessage(), e);
        }
        left -= count;
        position = 0;
        limit = count;
    }

    private void feed() {
        if (inflater.finished() || !chunks.hasNext()) {
            throw new PictureException(Reason.TRUNCATED, "PNG data ends before the last row");
        }
        if (inflater.needsDictionary()) {
            throw new PictureException(Reason.MALFORMED, "PNG data asks for a dictionary");
        }
        inflater.setInput(chunks.next());
    }

    /** After the last row: whether the data ends there, with the right checksum and nothing behind it. */
    boolean ends() {
        try {
            while (!inflater.finished()) {
                if (inflater.inflate(new byte[1]) > 0) {
                    return false;
                }
                if (!inflater.finished()) {
                    if (!chunks.hasNext()) {
                        return false;
                    }
                    inflater.setInput(chunks.next());
                }
            }
        } catch (DataFormatException e) {
            return false;
        }
        boolean empty = inflater.getRemaining() == 0;
        while (chunks.hasNext()) {
            empty &= !chunks.next().hasRemaining();
        }
        return empty;
    }

    @Override
    public void close() {
        inflater.close();
    }
}
