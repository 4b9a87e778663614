package dev.cloakproof.tensor.image;

/**
 * The filters of Pillow's {@code Image.resize}.
 *
 * <p>All but {@link #NEAREST} are stretched by the scale when they shrink, so that every source pixel counts
 * (anti-aliasing). Source: Pillow, {@code src/libImaging/Resample.c}.
 */
public enum Resampling {
    /** The pixel under the centre of the target pixel; not a filter. */
    NEAREST(0),
    /** The mean of the source pixels that a target pixel covers. */
    BOX(0.5),
    /** A triangle of half-width 1. */
    BILINEAR(1),
    /** A sinc of half-width 1 under a Hamming window. */
    HAMMING(1),
    /** Keys' cubic with a = -0.5, half-width 2. OpenCV and PyTorch take a = -0.75, which is another filter. */
    BICUBIC(2),
    /** A sinc under a Lanczos window of half-width 3. */
    LANCZOS(3);

    private static final double KEYS_A = -0.5;

    private final double support;

    Resampling(double support) {
        this.support = support;
    }

    /** The half-width beyond which the filter is zero, in source pixels at scale 1. */
    double support() {
        return support;
    }

    /** The filter's value at a distance from its centre; not normalised. */
    double weight(double distance) {
        double x = Math.abs(distance);
        return switch (this) {
            case NEAREST -> throw new IllegalStateException("nearest takes no weights");
            // Half-open, or a target pixel whose edge meets a source pixel's centre would count both neighbours.
            case BOX -> distance > -0.5 && distance <= 0.5 ? 1 : 0;
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case HAMMING -> x == 0 ? 1 : x < 1 ? sinc(x) * (0.54 + 0.46 * StrictMath.cos(x * Math.PI)) : 0;
            case BICUBIC -> keys(x);
            case LANCZOS -> distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
        };
    }

    private static double keys(double x) {
        if (x < 1) {
            return ((KEYS_A + 2) * x - (KEYS_A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * KEYS_A : 0;
    }

    private static double sinc(double x) {
        if (x == 0) {
            return 1;
        }
        double angle = x * Math.PI;
        return StrictMath.sin(angle) / angle;
    }
}
