package dev.cloakproof.diffusion.tokenizer;

import java.util.Arrays;

/** Pairs of tokens with their rank and the token that both merge into; a hash table of plain numbers. */
final class Merges {
    /** What {@link #find} gives for a pair that does not merge. */
    static final long NONE = -1;

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long[] keys;
    private final long[] values;
    private final int shift;

    /** @param capacity how many pairs there will be at most */
    Merges(int capacity) {
        int bits = 64 - Long.numberOfLeadingZeros(2L * capacity + 1);
        keys = new long[1 << bits];
        values = new long[1 << bits];
        shift = 64 - bits;
        Arrays.fill(values, NONE);
    }

    /** The first rank given to a pair counts. */
    void add(int left, int right, int rank, int merged) {
        int slot = slot(left, right);
        if (values[slot] == NONE) {
            keys[slot] = key(left, right);
            values[slot] = (long) rank << 32 | merged;
        }
    }

    /** {@link #rank} and {@link #merged} of a pair, or {@link #NONE}. */
    long find(int left, int right) {
        return values[slot(left, right)];
    }

    static int rank(long found) {
        return (int) (found >>> 32);
    }

    static int merged(long found) {
        return (int) found;
    }

    private int slot(int left, int right) {
        long key = key(left, right);
        int slot = (int) (key * SPREAD >>> shift);
        while (values[slot] != NONE && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
