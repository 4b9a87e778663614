package dev.cloakproof.tensor.image;

/** How many pixels share one pair of colour values in a JPEG. */
public enum Subsampling {
    /** One pixel: full colour resolution. */
    YCC_444(1, 1),
    /** Two pixels side by side. */
    YCC_422(2, 1),
    /** Two by two pixels; what Pillow does unless told otherwise. */
    YCC_420(2, 2);

    private final int horizontal;
    private final int vertical;

    Subsampling(int horizontal, int vertical) {
        this.horizontal = horizontal;
        this.vertical = vertical;
    }

    /** Luminance samples per colour sample along a row. */
    int horizontal() {
        return horizontal;
    }

    /** Luminance samples per colour sample along a column. */
    int vertical() {
        return vertical;
    }
}
