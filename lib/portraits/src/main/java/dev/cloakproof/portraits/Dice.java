package dev.cloakproof.portraits;

import java.util.List;

/**
 * Random numbers by name: each is a function of the seed, the purpose and its name alone, so a parameter that is added
 * leaves all others as they were. SplitMix64's finaliser over an FNV-1a hash of the name.
 */
public final class Dice {
    private final long seed;

    private Dice(long seed) {
        this.seed = seed;
    }

    /**
     * Numbers for one purpose.
     *
     * @param purpose the same seed gives unrelated numbers for another purpose
     */
    public static Dice of(long seed, String purpose) {
        return new Dice(mix(seed * 0x9e3779b97f4a7c15L ^ hash(purpose)));
    }

    /** Numbers for a part of this purpose. */
    public Dice of(String part) {
        return new Dice(bits(part));
    }

    /** Numbers for the n-th of several equal parts. */
    public Dice of(int n) {
        return new Dice(mix(seed + (n + 1) * 0x9e3779b97f4a7c15L));
    }

    /** In [0, 1), a multiple of 2^-24. */
    public float unit(String name) {
        return (bits(name) >>> 40) * 0x1p-24f;
    }

    /** Even in [low, high). */
    public float between(String name, float low, float high) {
        return low + (high - low) * unit(name);
    }

    /** In (low, high) around the middle: the mean of three even numbers. */
    public float around(String name, float low, float high) {
        Dice three = of(name);
        return low + (high - low) * (three.unit("a") + three.unit("b") + three.unit("c")) / 3;
    }

    /** Whether an event of this probability happens. */
    public boolean chance(String name, float probability) {
        return unit(name) < probability;
    }

    /** 0 to n - 1. */
    public int below(String name, int n) {
        return (int) Long.remainderUnsigned(bits(name), n);
    }

    /** One of the list, each as likely. */
    public <T> T pick(String name, List<T> from) {
        return from.get(below(name, from.size()));
    }

    /** One of an enumeration, each as likely. */
    public <E extends Enum<E>> E pick(String name, Class<E> from) {
        return pick(name, List.of(from.getEnumConstants()));
    }

    private long bits(String name) {
        return mix(seed ^ hash(name));
    }

    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long mix(long z) {
        long mixed = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
