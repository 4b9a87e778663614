package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A JPEG file whose markers have been walked through to its end. Source: ITU-T T.81, annex B.
 *
 * @param width in pixels, within the limits
 * @param height in pixels, within the limits
 * @param colours what the components mean
 * @param orientation the EXIF orientation, 1 to 8
 * @param bare the file without metadata: what the decoder gets, so that no profile, thumbnail or comment can trouble it
 */
record JpegFile(int width, int height, Colours colours, int orientation, byte[] bare) {
    /** What the components of a pixel are. */
    enum Colours {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COMMENT = 0xfe;

    static boolean isJpeg(byte[] file) {
        return file.length >= 3 && (file[0] & 0xff) == 0xff && (file[1] & 0xff) == SOI && (file[2] & 0xff) == 0xff;
    }

    /** Reads up to the end-of-image marker; what follows it (a second picture, a film) is left alone. */
    static JpegFile read(byte[] file, PictureLimits limits) {
        return new Walk(file, limits).walk();
    }

    private static final class Walk {
        private final ByteBuffer bytes;
        private final PictureLimits limits;
        private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
        private int width;
        private int height;
        private int[] componentIds = {};
        private boolean jfif;
        private int adobeTransform = -1;
        private int orientation = ExifOrientation.UPRIGHT;

        Walk(byte[] file, PictureLimits limits) {
            this.bytes = ByteBuffer.wrap(file);
            this.limits = limits;
        }

        JpegFile walk() {
            need(2);
            copy(0, 2);
            bytes.position(2);
            int marker = marker();
            while (marker != EOI) {
                int start = bytes.position();
                segment(marker);
                if (!isMetadata(marker)) {
                    bare.write(0xff);
                    bare.write(marker);
                    copy(start, bytes.position());
                }
                marker = marker();
            }
            bare.write(0xff);
            bare.write(EOI);
            if (componentIds.length == 0) {
                throw new PictureException(Reason.MALFORMED, "a JPEG without a frame");
            }
            return new JpegFile(width, height, colours(), orientation, bare.toByteArray());
        }

        private static boolean isMetadata(int marker) {
            // The decoder takes the colours' meaning from none of these: ours are raw components.
            return marker >= APP0 && marker <= APP15 || marker == COMMENT;
        }

        private void segment(int marker) {
            if (isStandalone(marker)) {
                return;
            }
            need(2);
            int length = bytes.getShort(bytes.position()) & 0xffff;
            need(Math.max(length, 2));
            ByteBuffer data = bytes.slice(bytes.position() + 2, Math.max(length - 2, 0));
            bytes.position(bytes.position() + Math.max(length, 2));
            switch (marker) {
                case 0xc0, 0xc1, 0xc2 -> frame(data);
                case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf ->
                    throw new PictureException(
                            Reason.UNSUPPORTED,
                            "JPEG process %d (lossless, hierarchical or arithmetic)".formatted(marker - 0xc0));
                case APP0 -> jfif |= startsWith(data, "JFIF\0");
                case APP1 -> exif(data);
                case APP14 -> adobe(data);
                case SOS -> skipScan();
                default -> {
                    // Tables, and metadata of no interest.
                }
            }
        }

        /** The restart markers, TEM and, oddly placed, a start of image. */
        private static boolean isStandalone(int marker) {
            return marker >= 0xd0 && marker <= SOI || marker == 0x01;
        }

        private void frame(ByteBuffer data) {
            if (componentIds.length > 0) {
                throw new PictureException(Reason.MALFORMED, "a JPEG with two frames");
            }
            if (data.remaining() < 6 || data.remaining() < 6 + 3 * (data.get(5) & 0xff)) {
                throw new PictureException(Reason.MALFORMED, "a JPEG frame of %d bytes".formatted(data.remaining()));
            }
            if (data.get(0) != 8) {
                throw new PictureException(Reason.UNSUPPORTED, "a JPEG of %d bits".formatted(data.get(0)));
            }
            height = data.getShort(1) & 0xffff;
            width = data.getShort(3) & 0xffff;
            limits.check(width, height);
            componentIds = new int[data.get(5) & 0xff];
            for (int i = 0; i < componentIds.length; i++) {
                componentIds[i] = data.get(6 + 3 * i) & 0xff;
            }
        }

        private void exif(ByteBuffer data) {
            if (startsWith(data, "Exif\0\0")) {
                orientation = ExifOrientation.of(data.slice(6, data.remaining() - 6));
            }
        }

        private void adobe(ByteBuffer data) {
            if (startsWith(data, "Adobe") && data.remaining() >= 12) {
                adobeTransform = data.get(11) & 0xff;
            }
        }

        /** libjpeg's guess, which Pillow lives by. Source: libjpeg, {@code default_decompress_parms} in jdapimin.c. */
        private Colours colours() {
            return switch (componentIds.length) {
                case 1 -> Colours.GREY;
                case 3 -> isRgb() ? Colours.RGB : Colours.YCC;
                case 4 -> adobeTransform > 0 ? Colours.YCCK : Colours.CMYK;
                default ->
                    throw new PictureException(
                            Reason.UNSUPPORTED, "a JPEG of %d components".formatted(componentIds.length));
            };
        }

        private boolean isRgb() {
            if (jfif) {
                return false;
            }
            if (adobeTransform >= 0) {
                return adobeTransform == 0;
            }
            return componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B';
        }

        /** To the marker that ends the coded data, which stays next. */
        private void skipScan() {
            for (int at = bytes.position(); at < bytes.limit() - 1; at++) {
                int next = bytes.get(at + 1) & 0xff;
                // A stuffed zero and restart markers belong to the data; a fill byte may be a marker's beginning.
                if (bytes.get(at) == (byte) 0xff && next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) {
                    bytes.position(at);
                    return;
                }
            }
            throw new PictureException(Reason.TRUNCATED, "a JPEG that ends within its data, before the end marker");
        }

        /** The next marker, past any fill bytes. */
        private int marker() {
            need(2);
            if (bytes.get() != (byte) 0xff) {
                throw new PictureException(
                        Reason.MALFORMED, "a JPEG without a marker at byte " + (bytes.position() - 1));
            }
            int marker = 0xff;
            while (marker == 0xff) {
                need(1);
                marker = bytes.get() & 0xff;
            }
            return marker;
        }

        private void need(int count) {
            if (bytes.remaining() < count) {
                throw new PictureException(
                        Reason.TRUNCATED,
                        "a JPEG that needs %d more bytes at byte %d, %d are left"
                                .formatted(count, bytes.position(), bytes.remaining()));
            }
        }

        private void copy(int from, int to) {
            bare.write(bytes.array(), from, to - from);
        }

        private static boolean startsWith(ByteBuffer data, String text) {
            if (data.remaining() < text.length()) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                if (data.get(i) != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
