package dev.cloakproof.evaluator.index;

/**
 * What a deletion removed.
 *
 * @param runs from the index
 * @param blobs from the store
 * @param sizeBytes of those blobs
 */
public record Deleted(int runs, int blobs, long sizeBytes) {
    public static final Deleted NOTHING = new Deleted(0, 0, 0);

    public Deleted plus(Deleted other) {
        return new Deleted(runs + other.runs, blobs + other.blobs, sizeBytes + other.sizeBytes);
    }
}
