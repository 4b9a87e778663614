package dev.cloakproof.tensor.image;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A picture and what of its file can be used again. A PNG of 8-bit RGB holds the samples as another encoder would
 * compress them; whoever changes nothing need not do it once more. Immutable.
 */
public final class PictureFile {
    private final Picture picture;
    private final List<ByteBuffer> compressed;

    /** @param compressed data that inflates to the picture's rows and nothing else; empty for none */
    PictureFile(Picture picture, List<ByteBuffer> compressed) {
        this.picture = picture;
        this.compressed = compressed;
    }

    /** A picture that came without a file. */
    public static PictureFile of(Picture picture) {
        return new PictureFile(picture, List.of());
    }

    public Picture picture() {
        return picture;
    }

    /**
     * A PNG of a picture, as {@link PictureWriter#quickPng} makes it. If it is this file's own picture, the very
     * object, the compressed samples of the file are taken over; of the rest of the file, such as texts, EXIF, profiles
     * and whatever stands behind the samples, nothing is.
     *
     * @throws IllegalArgumentException if a keyword is not 1 to 79 printable Latin-1 characters
     */
    public byte[] png(Picture result, Map<String, String> texts) {
        return result == picture && !compressed.isEmpty()
                ? PngEncoder.encode(picture, compressed, texts)
                : PictureWriter.quickPng(result, texts);
    }
}
