package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private PngEncoder() {}

    static byte[] encode(Picture picture, Map<String, String> texts) {
        PngEncoder png = new PngEncoder();
        png.file.writeBytes(number(Long.BYTES).putLong(PngChunks.SIGNATURE).array());
        png.chunk("IHDR", header(picture));
        texts.forEach((keyword, text) -> PngText.write(png, keyword, text));
        png.chunk("IDAT", data(picture));
        png.chunk("IEND", new byte[0]);
        return png.file.toByteArray();
    }

    void chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        file.writeBytes(number(Integer.BYTES).putInt(data.length).array());
        file.writeBytes(name);
        file.writeBytes(data);
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

    private static byte[] data(Picture picture) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(LEVEL);
                DeflaterOutputStream stream = new DeflaterOutputStream(compressed, deflater)) {
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
        return compressed.toByteArray();
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
