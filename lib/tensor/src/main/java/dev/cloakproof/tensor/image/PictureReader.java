package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads PNG and JPEG files as Pillow's {@code ImageOps.exif_transpose(Image.open(f)).convert('RGB')} does.
 *
 * <ul>
 *   <li>The content tells the format, never the name. Other formats are refused.
 *   <li>Grey is repeated, palettes are looked up, alpha is dropped (not blended with any background).
 *   <li>16-bit colour keeps its upper byte, as Pillow does. 16-bit grey is refused: Pillow turns all of it above 255 to
 *       white.
 *   <li>Colour profiles and gamma are not applied. CMYK is taken as inverted, as Adobe writes it.
 *   <li>Animated PNG is refused; of a JPEG with several pictures the first is read.
 *   <li>A file that ends early is refused, also where Pillow would make do.
 * </ul>
 *
 * <p>Every PNG is Pillow's byte for byte. So is every JPEG of the fixtures (baseline and progressive; 4:4:4, 4:2:2 and
 * 4:2:0; grey, RGB and CMYK) against libjpeg-turbo 3.1.
 *
 * @param limits the largest picture that is decoded
 * @param orientation whether to turn the picture upright as its EXIF orientation asks
 */
public record PictureReader(PictureLimits limits, Orientation orientation) {
    /** What to do about the EXIF orientation. */
    public enum Orientation {
        /** Turn the picture upright: what its maker sees. */
        APPLY,
        /** Leave the pixels as stored: what {@code Image.open} alone gives. */
        IGNORE
    }

    /** The default limits, orientation applied. */
    public static final PictureReader DEFAULT = new PictureReader(PictureLimits.DEFAULT, Orientation.APPLY);

    /** Above any picture within the default limits; keeps a stray file from filling the heap. */
    private static final long MAX_FILE_LENGTH = 512L << 20;

    /**
     * Reads a picture from a file's content.
     *
     * @throws PictureException if it is none, or none that is read here
     */
    public Picture read(byte[] file) {
        return open(file).picture();
    }

    /** As {@link #read(byte[])}, for a picture that may leave as it came. */
    public PictureFile open(byte[] file) {
        if (PngChunks.isPng(file)) {
            PngChunks chunks = PngChunks.read(file, limits);
            PngDecoder.Decoded decoded = PngDecoder.decode(chunks);
            Picture picture = upright(decoded.picture(), chunks.orientation());
            // A turned picture is another one than the data holds.
            boolean same = decoded.ends() && chunks.header().asDecoded() && picture == decoded.picture();
            return new PictureFile(picture, same ? chunks.all("IDAT") : List.of());
        }
        if (JpegFile.isJpeg(file)) {
            JpegFile jpeg = JpegFile.read(file, limits);
            return new PictureFile(upright(JpegDecoder.decode(jpeg), jpeg.orientation()), List.of());
        }
        throw new PictureException(
                Reason.UNKNOWN_FORMAT, "expected a PNG or JPEG picture, found " + Signature.describe(file));
    }

    /** As {@link #read(byte[])}; failing to read the file is a {@link Reason#IO}. */
    public Picture read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_LENGTH) {
                throw new PictureException(
                        Reason.TOO_LARGE, "%s has more than %d bytes".formatted(file, MAX_FILE_LENGTH));
            }
            return read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new PictureException(Reason.IO, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private Picture upright(Picture picture, int exifOrientation) {
        return orientation == Orientation.APPLY ? ExifOrientation.apply(picture, exifOrientation) : picture;
    }
}
