package dev.cloakproof.diffusion.tokenizer;

/**
 * Merges neighbouring tokens of one word, the pair of the lowest rank first, the leftmost of equal ones first.
 *
 * <p>O(n log n) in the length of the word: the places of pairs wait in a heap, and a pair that has changed since is passed
 * over when its turn comes.
 */
final class BytePairs {
    private static final int NONE = -1;

    private final Merges merges;
    private final int[] symbols;
    private final int[] before;
    private final int[] after;

    /** rank << 32 | place of the left token; the least on top. */
    private final LongHeap waiting;

    private BytePairs(int[] symbols, Merges merges) {
        this.symbols = symbols;
        this.merges = merges;
        this.before = new int[symbols.length];
        this.after = new int[symbols.length];
        this.waiting = new LongHeap(symbols.length);
    }

    /** @param symbols one token a byte; changed */
    static int[] merge(int[] symbols, Merges merges) {
        return symbols.length == 1 ? symbols : new BytePairs(symbols, merges).merge();
    }

    private int[] merge() {
        for (int place = 0; place < symbols.length; place++) {
            before[place] = place - 1;
            after[place] = place + 1 < symbols.length ? place + 1 : NONE;
        }
        for (int place = 0; place < symbols.length; place++) {
            await(place);
        }
        int left = symbols.length;
        while (!waiting.isEmpty()) {
            long entry = waiting.poll();
            int place = (int) entry;
            long found = find(place);
            if (found == Merges.NONE || Merges.rank(found) != (int) (entry >>> 32)) {
                continue;
            }
            join(place, Merges.merged(found));
            left--;
            await(before[place]);
            await(place);
        }
        var merged = new int[left];
        int count = 0;
        for (int place = 0; place != NONE; place = after[place]) {
            merged[count++] = symbols[place];
        }
        return merged;
    }

    private void join(int place, int token) {
        int gone = after[place];
        symbols[place] = token;
        symbols[gone] = NONE;
        after[place] = after[gone];
        if (after[gone] != NONE) {
            before[after[gone]] = place;
        }
    }

    private void await(int place) {
        long found = find(place);
        if (found != Merges.NONE) {
            waiting.add((long) Merges.rank(found) << 32 | place);
        }
    }

    /** What the token at {@code place} and the one after it merge into, if there still are two. */
    private long find(int place) {
        return place == NONE || symbols[place] == NONE || after[place] == NONE
                ? Merges.NONE
                : merges.find(symbols[place], symbols[after[place]]);
    }
}
