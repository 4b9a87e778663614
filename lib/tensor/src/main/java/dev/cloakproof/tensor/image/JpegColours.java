package dev.cloakproof.tensor.image;

/** The colour conversions of libjpeg and Pillow, in their integers. */
final class JpegColours {
    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);
    private static final int RED_BY_CR = fixed(1.40200);
    private static final int GREEN_BY_CB = fixed(0.34414);
    private static final int GREEN_BY_CR = fixed(0.71414);
    private static final int BLUE_BY_CB = fixed(1.77200);

    private JpegColours() {}

    /** Source: libjpeg, {@code build_ycc_rgb_table} and {@code ycc_rgb_convert} in jdcolor.c. */
    static void yccToRgb(byte[] from, int in, byte[] to, int out) {
        int y = from[in] & 0xff;
        int cb = (from[in + 1] & 0xff) - 128;
        int cr = (from[in + 2] & 0xff) - 128;
        to[out] = level(y + (RED_BY_CR * cr + HALF >> BITS));
        to[out + 1] = level(y + (-GREEN_BY_CB * cb - GREEN_BY_CR * cr + HALF >> BITS));
        to[out + 2] = level(y + (BLUE_BY_CB * cb + HALF >> BITS));
    }

    /**
     * From inks stored inverted (255 is no ink), as Adobe does and Pillow takes for granted. Source: Pillow,
     * {@code cmyk2rgb} in {@code src/libImaging/Convert.c}.
     */
    static void cmykToRgb(byte[] from, int in, byte[] to, int out) {
        int white = from[in + 3] & 0xff;
        for (int channel = 0; channel < Picture.CHANNELS; channel++) {
            int ink = 255 - (from[in + channel] & 0xff);
            to[out + channel] = level(white - dividedBy255(ink * white));
        }
    }

    /** Rounded; Pillow's way without a division. */
    private static int dividedBy255(int product) {
        int rounded = product + 128;
        return (rounded >> 8) + rounded >> 8;
    }

    private static byte level(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << BITS) + 0.5);
    }
}
