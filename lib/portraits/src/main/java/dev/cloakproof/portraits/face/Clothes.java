package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * What is worn in a photograph.
 *
 * @param kind its cut
 * @param dye its colour
 * @param striped whether it has stripes
 */
public record Clothes(Kind kind, Dye dye, boolean striped) {
    /** Cuts. */
    public enum Kind {
        SHIRT("shirt"),
        SWEATER("sweater"),
        JACKET("jacket");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As a caption says it, without the article. */
        public String words() {
            return words;
        }
    }

    static Clothes of(Dice dice) {
        return new Clothes(dice.pick("kind", Kind.class), dice.pick("dye", Dye.class), dice.chance("striped", 0.25f));
    }
}
