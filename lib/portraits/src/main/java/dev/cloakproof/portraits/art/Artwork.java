package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Dice;

/**
 * A composition: everything that changes from work to work.
 *
 * @param arrangement how things lie
 * @param count how many things, 4 to 10
 * @param horizon the height of a ground line as a fraction of the picture from the top
 * @param tilt degrees by which things lean
 * @param seed what else differs
 */
public record Artwork(Arrangement arrangement, int count, float horizon, float tilt, long seed) {
    /** Arrangements. */
    public enum Arrangement {
        SCATTERED("scattered"),
        CENTRED("centred"),
        DIAGONAL("along a diagonal"),
        ROWS("in rows");

        private final String words;

        Arrangement(String words) {
            this.words = words;
        }

        /** As a caption says it. */
        public String words() {
            return words;
        }
    }

    /** The work of a seed; it knows nothing of the artist. */
    public static Artwork of(long seed) {
        Dice dice = Dice.of(seed, "artwork");
        return new Artwork(
                dice.pick("arrangement", Arrangement.class),
                4 + dice.below("count", 7),
                dice.between("horizon", 0.45f, 0.7f),
                dice.between("tilt", -40, 40),
                seed);
    }

    Dice dice() {
        return Dice.of(seed, "artwork details");
    }
}
