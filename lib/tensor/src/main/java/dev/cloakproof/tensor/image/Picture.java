package dev.cloakproof.tensor.image;

import java.util.Arrays;
import java.util.Objects;

/**
 * An 8-bit RGB picture: rows from the top, pixels from the left, the three samples of a pixel side by side.
 *
 * <p>Immutable, so it may be shared between threads. The samples are sRGB levels 0 to 255 as they stood in the file;
 * no colour profile is applied.
 */
public final class Picture {
    /** Samples of a pixel: red, green, blue. */
    public static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] rgb;

    private Picture(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * A picture of the given samples, which are copied.
     *
     * @param width in pixels, at least 1
     * @param height in pixels, at least 1
     * @param rgb height * width * 3 samples, (row, column, channel), each an unsigned byte
     * @throws IllegalArgumentException if a side is not positive or the number of samples does not fit them
     */
    public static Picture of(int width, int height, byte[] rgb) {
        return adopt(width, height, rgb.clone());
    }

    /** As {@link #of}, without the copy: the caller gives the array away and never writes to it again. */
    static Picture adopt(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a picture has positive sides, found " + width + "x" + height);
        }
        long expected = (long) width * height * CHANNELS;
        if (rgb.length != expected) {
            throw new IllegalArgumentException(
                    "a %dx%d picture has %d samples, found %d".formatted(width, height, expected, rgb.length));
        }
        return new Picture(width, height, rgb);
    }

    /** A zeroed sample array for a picture of these sides. */
    static byte[] samples(int width, int height) {
        long samples = (long) width * height * CHANNELS;
        if (width < 1 || height < 1 || samples > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("cannot hold a " + width + "x" + height + " picture");
        }
        return new byte[(int) samples];
    }

    /** The width in pixels. */
    public int width() {
        return width;
    }

    /** The height in pixels. */
    public int height() {
        return height;
    }

    /** A copy of the samples: height * width * 3, (row, column, channel), unsigned bytes. */
    public byte[] rgb() {
        return rgb.clone();
    }

    /** The samples themselves, which the caller only reads. */
    byte[] raw() {
        return rgb;
    }

    /**
     * One sample, 0 to 255.
     *
     * @param channel 0 red, 1 green, 2 blue
     * @throws IndexOutOfBoundsException if there is no such sample
     */
    public int sample(int x, int y, int channel) {
        Objects.checkIndex(x, width);
        Objects.checkIndex(y, height);
        Objects.checkIndex(channel, CHANNELS);
        return rgb[(y * width + x) * CHANNELS + channel] & 0xff;
    }

    /**
     * The rectangle whose upper left pixel is (left, top).
     *
     * @throws IndexOutOfBoundsException if it does not lie within the picture
     */
    public Picture crop(int left, int top, int cropWidth, int cropHeight) {
        Objects.checkFromIndexSize(left, cropWidth, width);
        Objects.checkFromIndexSize(top, cropHeight, height);
        byte[] cropped = samples(cropWidth, cropHeight);
        int rowLength = cropWidth * CHANNELS;
        for (int row = 0; row < cropHeight; row++) {
            System.arraycopy(rgb, ((top + row) * width + left) * CHANNELS, cropped, row * rowLength, rowLength);
        }
        return adopt(cropWidth, cropHeight, cropped);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that
                && width == that.width
                && height == that.height
                && Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return Objects.hash(width, height, Arrays.hashCode(rgb));
    }

    @Override
    public String toString() {
        return "Picture[" + width + "x" + height + "]";
    }
}
