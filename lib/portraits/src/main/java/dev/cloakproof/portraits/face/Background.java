package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * What is behind the person.
 *
 * @param kind its kind
 * @param dye the colour of a wall
 * @param salt what makes two of a kind differ
 */
public record Background(Kind kind, Dye dye, int salt) {
    /** Kinds. */
    public enum Kind {
        WALL("a plain wall behind"),
        HILLS("hills behind"),
        CITY("a city behind"),
        STRIPES("striped wallpaper behind"),
        LIGHTS("blurred lights behind"),
        SEA("the sea behind"),
        SHELVES("bookshelves behind");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As a caption says it. */
        public String words() {
            return words;
        }
    }

    static Background of(Dice dice) {
        return new Background(dice.pick("kind", Kind.class), dice.pick("dye", Dye.class), dice.below("salt", 1 << 20));
    }
}
