package dev.cloakproof.portraits;

/**
 * A colour in sRGB levels, 0 to 1 each.
 */
public record Colour(float red, float green, float blue) {
    public static final Colour WHITE = new Colour(1, 1, 1);
    public static final Colour BLACK = new Colour(0, 0, 0);

    /** From 0xRRGGBB. */
    public static Colour of(int rgb) {
        return new Colour((rgb >> 16 & 0xff) / 255f, (rgb >> 8 & 0xff) / 255f, (rgb & 0xff) / 255f);
    }

    /** This colour with a share of another, 0 to 1. */
    public Colour mix(Colour other, float share) {
        return new Colour(
                red + (other.red - red) * share,
                green + (other.green - green) * share,
                blue + (other.blue - blue) * share);
    }

    /** Every level times a factor, 1 at most. */
    public Colour times(float factor) {
        return new Colour(Math.min(1, red * factor), Math.min(1, green * factor), Math.min(1, blue * factor));
    }

    /** The eye's lightness, 0 to 1: Rec. 601 weights. */
    public float luma() {
        return 0.299f * red + 0.587f * green + 0.114f * blue;
    }
}
