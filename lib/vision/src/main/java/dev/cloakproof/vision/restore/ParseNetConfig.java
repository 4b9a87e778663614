package dev.cloakproof.vision.restore;

/**
 * The shape of a ParseNet.
 *
 * @param size side of the picture in pixels
 * @param smallest side of the feature map in the middle
 * @param width channels at full size
 * @param leastWidth channels are at least this
 * @param mostWidth channels are at most this
 * @param depth residual blocks in the middle
 * @param classes kinds of face parts
 */
public record ParseNetConfig(int size, int smallest, int width, int leastWidth, int mostWidth, int depth, int classes) {
    /** {@code parsing_parsenet.pth}. */
    public static final ParseNetConfig PUBLISHED = new ParseNetConfig(512, 32, 64, 32, 256, 10, 19);

    int channels(int wanted) {
        return Math.clamp(wanted, leastWidth, mostWidth);
    }

    int levels() {
        return Integer.numberOfTrailingZeros(size / smallest);
    }
}
