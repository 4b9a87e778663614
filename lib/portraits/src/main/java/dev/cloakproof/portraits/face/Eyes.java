package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Dice;

/**
 * A pair of eyes, in head coordinates.
 *
 * @param spacing from the middle of the face to the middle of an eye
 * @param height of the middle of the eyes
 * @param width half the width of an eye
 * @param opening half the height of an open eye
 * @param tilt degrees by which the outer corners stand higher
 * @param iris the radius of the iris
 * @param colour the colour of the iris
 * @param lashes how dark the rim of the lids is, 0 to 1
 */
public record Eyes(
        float spacing,
        float height,
        float width,
        float opening,
        float tilt,
        float iris,
        IrisColour colour,
        float lashes) {
    /** Colours of the iris. */
    public enum IrisColour {
        DARK_BROWN("dark", 0x33200f),
        BROWN("brown", 0x6b3f1d),
        HAZEL("hazel", 0x8a6a35),
        GREEN("green", 0x4f8a50),
        BLUE("blue", 0x4a86c4),
        GREY("grey", 0x8494a0);

        private final String words;
        private final Colour colour;

        IrisColour(String words, int rgb) {
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

    static Eyes of(Dice dice) {
        return new Eyes(
                dice.between("spacing", 0.255f, 0.33f),
                dice.between("height", -0.06f, 0.06f),
                dice.between("width", 0.15f, 0.2f),
                dice.between("opening", 0.065f, 0.115f),
                dice.between("tilt", -8, 14),
                dice.between("iris", 0.07f, 0.088f),
                dice.pick("colour", IrisColour.class),
                dice.between("lashes", 0.3f, 1));
    }
}
