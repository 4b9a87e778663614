package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;

/**
 * The largest picture that is decoded. A few kilobytes can announce gigabytes of pixels, so the header is held against
 * this before anything else is done.
 *
 * @param maxSide pixels of the longer side
 * @param maxPixels width times height; a pixel takes 3 bytes, and some 12 while it is decoded
 */
public record PictureLimits(int maxSide, long maxPixels) {
    /** 64 megapixels, beyond what cameras give: 200 MB decoded. */
    public static final PictureLimits DEFAULT = new PictureLimits(16_384, 1L << 26);

    public PictureLimits {
        if (maxSide < 1 || maxPixels < 1) {
            throw new IllegalArgumentException("limits are positive, found " + maxSide + " and " + maxPixels);
        }
    }

    void check(long width, long height) {
        if (width == 0 || height == 0) {
            throw new PictureException(Reason.MALFORMED, "a picture of %dx%d pixels".formatted(width, height));
        }
        if (width > maxSide || height > maxSide || width * height > maxPixels) {
            throw new PictureException(
                    Reason.TOO_LARGE,
                    "a picture of %dx%d pixels; at most %d a side and %d in all are read"
                            .formatted(width, height, maxSide, maxPixels));
        }
    }
}
