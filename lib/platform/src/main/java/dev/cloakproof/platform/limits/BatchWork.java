package dev.cloakproof.platform.limits;

import java.util.List;

/**
 * Handles several calls at once.
 *
 * @param <K> what calls must have in common
 * @param <I> one call's input
 * @param <O> one call's output
 */
public interface BatchWork<K, I, O> {
    /**
     * Handles a batch on a worker of the batcher. If it fails for a batch of several, each is tried alone, so that one bad
     * input fails alone.
     *
     * @param key what the calls have in common
     * @param inputs 1 or more
     * @param stillWanted call it at every step: it throws CANCELLED or DEADLINE_PASSED when nobody waits any more
     * @return one output for each input, in order
     */
    List<O> handle(K key, List<I> inputs, Runnable stillWanted) throws Exception;

    /** Whether calls with this key go together. One whose calls do not is handled alone and waits for no company. */
    default boolean joins(K key) {
        return true;
    }
}
