package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The compressed data of a PNG, whose chunks may cut it anywhere. Gives no more than is asked for, however much there is. */
final class PngData implements AutoCloseable {
    private final Inflater inflater = new Inflater();
    private final Iterator<ByteBuffer> chunks;
    private final byte[] one = new byte[1];

    PngData(List<ByteBuffer> chunks) {
        this.chunks = chunks.iterator();
    }

    int readByte() {
        readFully(one);
        return one[0] & 0xff;
    }

    void readFully(byte[] target) {
        int filled = 0;
        while (filled < target.length) {
            int count = inflate(target, filled);
            if (count == 0) {
                feed();
            }
            filled += count;
        }
    }

    private int inflate(byte[] target, int filled) {
        try {
            return inflater.inflate(target, filled, target.length - filled);
        } catch (DataFormatException e) {
            throw new PictureException(Reason.MALFORMED, "PNG data cannot be inflated: " + e.getMessage(), e);
        }
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

    @Override
    public void close() {
        inflater.close();
    }
}
