package dev.cloakproof.purifier.purify;

/** What a step is willing to make. */
final class PictureSize {
    static final int LONGEST = 16_384;
    static final long MOST_PIXELS = 1L << 26;

    private PictureSize() {}

    /** @throws PurificationException if a picture would be larger than any that is read */
    static void check(String step, long width, long height) {
        if (width > LONGEST || height > LONGEST || width * height > MOST_PIXELS) {
            throw new PurificationException(step + ": the result would have " + width + "x" + height
                    + " pixels; at most " + LONGEST + " a side and " + MOST_PIXELS + " in all are made");
        }
    }
}
