package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * What is worn on the head.
 *
 * @param kind its shape
 * @param colour its colour
 */
public record Hat(Kind kind, Dye colour) {
    /** Shapes. */
    public enum Kind {
        NONE("no hat"),
        BEANIE("beanie"),
        CAP("cap"),
        BRIMMED("wide-brimmed hat");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As a caption says it, without the article. */
        public String words() {
            return words;
        }
    }

    static Hat of(Dice dice) {
        return new Hat(
                dice.chance("hat", 0.24f) ? dice.pick("kind", Kind.class) : Kind.NONE, dice.pick("colour", Dye.class));
    }
}
