package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The orientation tag of EXIF: how the stored rows and columns lie to the upright picture. Source: EXIF 2.3, 4.6.4. */
final class ExifOrientation {
    static final int UPRIGHT = 1;

    private static final int TAG = 0x0112;
    private static final int TYPE_SHORT = 3;
    private static final int ENTRY_LENGTH = 12;

    private ExifOrientation() {}

    /**
     * The orientation an EXIF block asks for, 1 to 8. A block that is damaged or asks for nothing is {@link #UPRIGHT}: it
     * is no reason to refuse a picture.
     *
     * @param exif a TIFF header and what follows
     */
    static int of(ByteBuffer exif) {
        if (exif.remaining() < 8) {
            return UPRIGHT;
        }
        ByteBuffer tiff = exif.slice();
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = tiff.getInt(4) & 0xffff_ffffL;
        if (tiff.getShort(2) != 42 || directory > tiff.limit() - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort((int) directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            long at = directory + 2 + (long) i * ENTRY_LENGTH;
            if (at > tiff.limit() - ENTRY_LENGTH) {
                return UPRIGHT;
            }
            if ((tiff.getShort((int) at) & 0xffff) == TAG && tiff.getShort((int) at + 2) == TYPE_SHORT) {
                int orientation = tiff.getShort((int) at + 8);
                return orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** The picture upright. */
    static Picture apply(Picture stored, int orientation) {
        if (orientation == UPRIGHT) {
            return stored;
        }
        // 5 to 8 have rows and columns exchanged; the other two bits say which end each axis starts from.
        boolean exchanged = orientation >= 5;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int width = exchanged ? stored.height() : stored.width();
        int height = exchanged ? stored.width() : stored.height();
        byte[] from = stored.raw();
        byte[] to = Picture.samples(width, height);
        int out = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = exchanged ? y : x;
                int row = exchanged ? x : y;
                int storedX = fromRight ? stored.width() - 1 - column : column;
                int storedY = fromBottom ? stored.height() - 1 - row : row;
                int in = (storedY * stored.width() + storedX) * CHANNELS;
                to[out++] = from[in];
                to[out++] = from[in + 1];
                to[out++] = from[in + 2];
            }
        }
        return Picture.adopt(width, height, to);
    }
}
