package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Dice;

/**
 * Skin and what is on it.
 *
 * @param tone its shade
 * @param warmth from pink, -1, to golden, 1
 * @param blush redness of the cheeks, 0 to 1
 * @param freckles how many, 0 (none) to 1
 * @param age how deep the folds are, 0 (young) to 1
 * @param mole whether there is one
 * @param moleX its place across the face, in head coordinates
 * @param moleY its height, in head coordinates
 */
public record Skin(
        Tone tone, float warmth, float blush, float freckles, float age, boolean mole, float moleX, float moleY) {
    /** Shades of skin from light to dark. */
    public enum Tone {
        PORCELAIN("very pale", 0xf0d0bc),
        FAIR("pale", 0xe8bd9f),
        LIGHT("light", 0xe2b08c),
        TAN("tanned", 0xcf9669),
        OLIVE("olive", 0xbd8a5c),
        BROWN("brown", 0x9c6a43),
        UMBER("dark brown", 0x77492d),
        EBONY("very dark", 0x523323);

        private final String words;
        private final Colour colour;

        Tone(String words, int rgb) {
            this.words = words;
            this.colour = Colour.of(rgb);
        }

        /** As a caption says it. */
        public String words() {
            return words;
        }

        Colour colour() {
            return colour;
        }
    }

    static Skin of(Dice dice) {
        Tone tone = dice.pick("tone", Tone.class);
        boolean light = tone.compareTo(Tone.TAN) <= 0;
        return new Skin(
                tone,
                dice.between("warmth", -1, 1),
                dice.between("blush", 0, 1),
                light && dice.chance("freckled", 0.3f) ? dice.between("freckles", 0.5f, 1) : 0,
                dice.unit("age"),
                dice.chance("mole", 0.2f),
                dice.between("moleX", -0.42f, 0.42f),
                dice.between("moleY", -0.75f, -0.35f));
    }

    /** The colour of skin in even white light. */
    Colour colour() {
        Colour base = tone.colour();
        return new Colour(base.red(), base.green() * (1 + 0.035f * warmth), base.blue() * (1 - 0.09f * warmth));
    }
}
