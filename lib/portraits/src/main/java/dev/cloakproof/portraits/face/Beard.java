package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * Facial hair, of the colour of the hair.
 *
 * @param kind its cut
 * @param density how much skin it hides, 0 to 1
 */
public record Beard(Kind kind, float density) {
    /** Cuts. */
    public enum Kind {
        NONE("no beard"),
        STUBBLE("stubble"),
        MOUSTACHE("a moustache"),
        GOATEE("a goatee"),
        FULL("a full beard");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As a caption says it. */
        public String words() {
            return words;
        }
    }

    static Beard of(Dice dice) {
        return new Beard(
                dice.chance("beard", 0.35f) ? dice.pick("kind", Kind.class) : Kind.NONE,
                dice.between("density", 0.6f, 1));
    }
}
