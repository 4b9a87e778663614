package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Dice;

/**
 * An artist who does not exist: everything that stays from work to work.
 *
 * @param style what the artist makes
 * @param palette in which colours
 * @param first which of the palette's colours comes first, 0 to 3
 * @param outline half the width of the dark line around shapes, as a fraction of the picture; 0 for none
 * @param grain how rough the canvas is, 0 to 1
 * @param strokes how far brush strokes show, 0 to 1
 * @param strokeAngle degrees of the strokes
 * @param scale the size of shapes, 1 is ordinary
 * @param gradient how much lighter shapes become upwards, 0 to 1
 */
public record Artist(
        Style style,
        Palette palette,
        int first,
        float outline,
        float grain,
        float strokes,
        float strokeAngle,
        float scale,
        float gradient) {
    /** The artist of a seed. */
    public static Artist of(long seed) {
        Dice dice = Dice.of(seed, "artist");
        return new Artist(
                dice.pick("style", Style.class),
                dice.pick("palette", Palette.class),
                dice.below("first", 4),
                dice.chance("outlined", 0.45f) ? dice.between("outline", 0.005f, 0.012f) : 0,
                dice.unit("grain"),
                dice.chance("brushed", 0.5f) ? dice.between("strokes", 0.3f, 1) : 0,
                dice.between("strokeAngle", 0, 180),
                dice.between("scale", 0.75f, 1.3f),
                dice.unit("gradient"));
    }
}
