package dev.cloakproof.portraits;

/**
 * Which seeds may be trained on.
 *
 * <p>Subjects with seeds of {@link #HELD_OUT} and more are for judging only: whatever is said about people whom the
 * models never saw is measured on them. Every training loop asks {@link #training} for its seeds.
 */
public final class Seeds {
    /** The first seed that nothing trains on. */
    public static final long HELD_OUT = 900_000;

    private Seeds() {}

    /**
     * The seed itself, when it may be trained on.
     *
     * @param seed 0 to {@link #HELD_OUT} - 1
     * @throws IllegalArgumentException if it is held out or negative
     */
    public static long training(long seed) {
        if (seed < 0 || seed >= HELD_OUT) {
            throw new IllegalArgumentException("training seeds are 0 to " + (HELD_OUT - 1)
                    + ", the others are held out for judging, found " + seed);
        }
        return seed;
    }

    /**
     * The n-th held-out seed.
     *
     * @param n 0 or more
     */
    public static long heldOut(long n) {
        if (n < 0) {
            throw new IllegalArgumentException("held-out seeds are counted from 0, found " + n);
        }
        return HELD_OUT + n;
    }
}
