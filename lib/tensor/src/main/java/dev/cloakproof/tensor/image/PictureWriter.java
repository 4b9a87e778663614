package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.file.AtomicFile;
import dev.cloakproof.tensor.image.PictureException.Reason;
import dev.cloakproof.tensor.image.PngEncoder.Effort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Encodes pictures and writes the files. */
public final class PictureWriter {
    private PictureWriter() {}

    /** As {@link #png(Picture, Map)}, without texts. */
    public static byte[] png(Picture picture) {
        return png(picture, Map.of());
    }

    /**
     * A PNG file, 8-bit RGB: the same bytes for the same picture and texts on the same JDK.
     *
     * @param texts by keyword; {@link PngText#read} gives them back
     * @throws IllegalArgumentException if a keyword is not 1 to 79 printable Latin-1 characters
     */
    public static byte[] png(Picture picture, Map<String, String> texts) {
        return PngEncoder.encode(picture, texts, Effort.SMALL);
    }

    /**
     * As {@link #png(Picture, Map)} in a fifth of the time, for a file that is sent once: measured on portraits at 512 x
     * 512, smooth ones become a third larger and noisy ones a tenth smaller.
     */
    public static byte[] quickPng(Picture picture, Map<String, String> texts) {
        return PngEncoder.encode(picture, texts, Effort.QUICK);
    }

    /** As {@link #jpeg(Picture, int, Subsampling)} with 4:2:0, Pillow's default. */
    public static byte[] jpeg(Picture picture, int quality) {
        return jpeg(picture, quality, Subsampling.YCC_420);
    }

    /**
     * A baseline JPEG file as Pillow's {@code save(quality=...)} makes it: the same quantisation tables, and in all
     * fixtures the same coefficients as libjpeg-turbo 3.1.
     *
     * @param quality 1 to 100, libjpeg's scale
     * @throws IllegalArgumentException if the quality is none
     */
    public static byte[] jpeg(Picture picture, int quality, Subsampling subsampling) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("a JPEG quality is 1 to 100, found " + quality);
        }
        return JpegEncoder.encode(picture, quality, subsampling);
    }

    /**
     * Writes an encoded picture in one step: readers see the old file or the new one.
     *
     * @throws PictureException with {@link Reason#IO} if it cannot be written; the old file then stays
     */
    public static void write(Path file, byte[] encoded) {
        try {
            AtomicFile.write(file, channel -> {
                ByteBuffer bytes = ByteBuffer.wrap(encoded);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (IOException e) {
            throw new PictureException(Reason.IO, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
