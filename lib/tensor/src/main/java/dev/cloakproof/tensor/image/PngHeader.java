package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.nio.ByteBuffer;

/**
 * What the IHDR chunk of a PNG says.
 *
 * @param depth bits of a sample: 1, 2, 4, 8 or 16
 */
record PngHeader(int width, int height, int depth, ColourType colourType, boolean interlaced) {
    /** Which samples a pixel has; the numbers of the format, in its order. */
    enum ColourType {
        GREY(0, 1, 1 | 2 | 4 | 8 | 16),
        RGB(2, 3, 8 | 16),
        PALETTE(3, 1, 1 | 2 | 4 | 8),
        GREY_ALPHA(4, 2, 8 | 16),
        RGBA(6, 4, 8 | 16);

        private final int code;
        private final int samples;
        private final int depths;

        ColourType(int code, int samples, int depths) {
            this.code = code;
            this.samples = samples;
            this.depths = depths;
        }

        int samples() {
            return samples;
        }

        private boolean allows(int depth) {
            return Integer.bitCount(depth) == 1 && (depths & depth) != 0;
        }

        private static ColourType of(int code) {
            for (ColourType type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new PictureException(Reason.MALFORMED, "PNG colour type " + code);
        }
    }

    static final int LENGTH = 13;

    static PngHeader read(ByteBuffer data, PictureLimits limits) {
        if (data.remaining() != LENGTH) {
            throw new PictureException(
                    Reason.MALFORMED, "a PNG header of %d bytes, expected %d".formatted(data.remaining(), LENGTH));
        }
        limits.check(data.getInt() & 0xffff_ffffL, data.getInt() & 0xffff_ffffL);
        int depth = data.get() & 0xff;
        ColourType colourType = ColourType.of(data.get() & 0xff);
        int compression = data.get();
        int filter = data.get();
        int interlace = data.get();
        if (!colourType.allows(depth) || compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
            throw new PictureException(
                    Reason.MALFORMED,
                    "PNG %s of %d bits, compression %d, filter %d, interlace %d"
                            .formatted(colourType, depth, compression, filter, interlace));
        }
        return new PngHeader(data.getInt(0), data.getInt(4), depth, colourType, interlace == 1);
    }

    /** Whether the samples are those of a {@link Picture}, in its order: 8-bit RGB, row after row. */
    boolean asDecoded() {
        return colourType == ColourType.RGB && depth == 8 && !interlaced;
    }

    /** Bytes of a row of so many pixels, without its filter byte. */
    int rowLength(int pixels) {
        return Math.toIntExact(((long) pixels * colourType.samples() * depth + 7) / 8);
    }

    /** How far back the sample lies that a filter takes as the left neighbour: a pixel, at least a byte. */
    int filterStep() {
        return Math.max(1, colourType.samples() * depth / 8);
    }
}
