package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Dice;

/**
 * Glasses.
 *
 * @param kind their shape
 * @param frame the colour of the frame
 * @param size half of a lens's height, in head coordinates
 * @param thickness half of the frame's, in head coordinates
 */
public record Glasses(Kind kind, Frame frame, float size, float thickness) {
    /** Shapes. */
    public enum Kind {
        NONE("no glasses"),
        ROUND("round glasses"),
        SQUARE("square glasses"),
        HALF("half-rim glasses"),
        TINTED("tinted glasses");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As a caption says it. */
        public String words() {
            return words;
        }
    }

    /** Colours of the frame. */
    public enum Frame {
        BLACK(0x17171a),
        BROWN(0x5a3318),
        GOLD(0xc29a3e),
        SILVER(0xaab0b8),
        RED(0xa32230),
        BLUE(0x274f94);

        private final Colour colour;

        Frame(int rgb) {
            this.colour = Colour.of(rgb);
        }

        Colour colour() {
            return colour;
        }
    }

    static Glasses of(Dice dice) {
        return new Glasses(
                dice.chance("glasses", 0.4f) ? dice.pick("kind", Kind.class) : Kind.NONE,
                dice.pick("frame", Frame.class),
                dice.between("size", 0.155f, 0.205f),
                dice.between("thickness", 0.014f, 0.028f));
    }
}
