package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Encodes 8-bit RGB PNG, the same bytes for the same picture and texts (no time stamp, fixed compression level). Source:
 * PNG specification (W3C, third edition).
 */
final class PngEncoder {
    private static final int LEVEL = 6;
    private static final int BUFFER = 1 << 13;
    private static final int ROOM_FOR_THE_REST = 1 << 13;

    private final ByteArrayOutputStream file;

    private PngEncoder(int length) {
        file = new ByteArrayOutputStream(length);
    }

    /** What the compression is for. */
    enum Effort {
        /** Small files, for what is kept. */
        SMALL(Deflater.DEFAULT_STRATEGY),
        /** A fifth of the time, for what is sent once: codes by frequency, without a search for repeats. */
        QUICK(Deflater.HUFFMAN_ONLY);

        private final int strategy;

        Effort(int strategy) {
            this.strategy = strategy;
        }
    }

    static byte[] encode(Picture picture, Map<String, String> texts, Effort effort) {
        return encode(picture, List.of(data(picture, effort)), texts);
    }

    /** @param compressed the picture's rows, filtered and deflated; the pieces become one */
    static byte[] encode(Picture picture, List<ByteBuffer> compressed, Map<String, String> texts) {
        PngEncoder png = new PngEncoder(
                compressed.stream().mapToInt(ByteBuffer::remaining).sum() + ROOM_FOR_THE_REST);
        png.file.writeBytes(number(Long.BYTES).putLong(PngChunks.SIGNATURE).array());
        png.chunk("IHDR", header(picture));
        texts.forEach((keyword, text) -> PngText.write(png, keyword, text));
        png.chunk("IDAT", compressed);
        png.chunk("IEND", List.of());
        return png.file.toByteArray();
    }

    void chunk(String type, byte[] data) {
        chunk(type, List.of(ByteBuffer.wrap(data)));
    }

    private void chunk(String type, List<ByteBuffer> pieces) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        file.writeBytes(number(Integer.BYTES)
                .putInt(pieces.stream().mapToInt(ByteBuffer::remaining).sum())
                .array());
        file.writeBytes(name);
        for (ByteBuffer piece : pieces) {
            byte[] data = new byte[piece.remaining()];
            piece.get(piece.position(), data);
            crc.update(data);
            file.writeBytes(data);
        }
        file.writeBytes(number(Integer.BYTES).putInt((int) crc.getValue()).array());
    }

    private static byte[] header(Picture picture) {
        int depth = 8;
        int rgb = 2;
        return number(PngHeader.LENGTH)
                .putInt(picture.width())
                .putInt(picture.height())
                .put((byte) depth)
                .put((byte) rgb)
                .array();
    }

    private static ByteBuffer data(Picture picture, Effort effort) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(picture.raw().length / 2);
        try (Deflater deflater = new Deflater(LEVEL);
                DeflaterOutputStream stream = new DeflaterOutputStream(compressed, deflater, BUFFER)) {
            deflater.setStrategy(effort.strategy);
            int length = picture.width() * CHANNELS;
            byte[] row = new byte[length];
            byte[] above = new byte[length];
            byte[][] candidates = new byte[PngFilter.values().length][length];
            for (int y = 0; y < picture.height(); y++) {
                System.arraycopy(picture.raw(), y * length, row, 0, length);
                int best = best(row, above, candidates);
                stream.write(best);
                stream.write(candidates[best]);
                byte[] done = row;
                row = above;
                above = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return ByteBuffer.wrap(compressed.toByteArray());
    }

    /** The filter with the least sum of absolute differences: the specification's own advice (section 12.7). */
    private static int best(byte[] row, byte[] above, byte[][] candidates) {
        int best = 0;
        long least = Long.MAX_VALUE;
        for (PngFilter filter : PngFilter.values()) {
            byte[] differences = candidates[filter.ordinal()];
            filter.apply(row, above, CHANNELS, differences);
            long sum = 0;
            for (byte difference : differences) {
                sum += Math.abs(difference);
            }
            if (sum < least) {
                least = sum;
                best = filter.ordinal();
            }
        }
        return best;
    }

    private static ByteBuffer number(int bytes) {
        return ByteBuffer.allocate(bytes);
    }
}
