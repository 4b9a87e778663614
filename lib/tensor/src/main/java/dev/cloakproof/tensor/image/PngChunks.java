package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A PNG file as its chunks, each complete and with the right checksum. Source: PNG specification (W3C, third edition).
 *
 * @param header what the first chunk says, within the limits
 * @param chunks all chunks, from IHDR to IEND
 */
record PngChunks(PngHeader header, List<Chunk> chunks) {
    /**
     * One chunk.
     *
     * @param type four letters
     * @param data a view into the file
     */
    record Chunk(String type, ByteBuffer data) {}

    static final long SIGNATURE = 0x89504e470d0a1a0aL;

    /** Length, type and checksum. */
    private static final int FRAME = 12;

    static boolean isPng(byte[] file) {
        return file.length >= Long.BYTES && ByteBuffer.wrap(file).getLong() == SIGNATURE;
    }

    static PngChunks read(byte[] file, PictureLimits limits) {
        ByteBuffer bytes = ByteBuffer.wrap(file).asReadOnlyBuffer().position(Long.BYTES);
        Chunk first = next(bytes);
        if (!first.type().equals("IHDR")) {
            throw new PictureException(Reason.MALFORMED, "a PNG begins with IHDR, found " + first.type());
        }
        PngHeader header = PngHeader.read(first.data().slice(), limits);
        List<Chunk> chunks = new ArrayList<>(List.of(first));
        while (!chunks.getLast().type().equals("IEND")) {
            Chunk chunk = next(bytes);
            if (chunk.type().equals("acTL")) {
                throw new PictureException(Reason.ANIMATED, "an animated PNG, expected a single picture");
            }
            chunks.add(chunk);
        }
        return new PngChunks(header, chunks);
    }

    private static Chunk next(ByteBuffer bytes) {
        long length = bytes.remaining() < FRAME ? 0 : bytes.getInt(bytes.position()) & 0xffff_ffffL;
        if (bytes.remaining() < length + FRAME) {
            throw new PictureException(
                    Reason.TRUNCATED,
                    "a PNG whose chunk at byte %d takes %d bytes, %d are left"
                            .formatted(bytes.position(), length + FRAME, bytes.remaining()));
        }
        int start = bytes.position();
        ByteBuffer checked = bytes.slice(start + 4, (int) length + 4);
        CRC32 crc = new CRC32();
        crc.update(checked.duplicate());
        bytes.position(start + 8 + (int) length);
        byte[] type = new byte[4];
        checked.get(type);
        String name = new String(type, StandardCharsets.ISO_8859_1);
        if ((int) crc.getValue() != bytes.getInt()) {
            throw new PictureException(
                    Reason.MALFORMED, "PNG chunk '%s' at byte %d has the wrong checksum".formatted(name, start));
        }
        return new Chunk(name, checked.slice());
    }

    /** The data of all chunks of a type, in order. */
    List<ByteBuffer> all(String type) {
        return chunks.stream()
                .filter(chunk -> chunk.type().equals(type))
                .map(chunk -> chunk.data().duplicate())
                .toList();
    }

    Optional<ByteBuffer> first(String type) {
        return all(type).stream().findFirst();
    }

    /** The EXIF orientation, 1 to 8. */
    int orientation() {
        return first("eXIf").map(ExifOrientation::of).orElse(ExifOrientation.UPRIGHT);
    }
}
