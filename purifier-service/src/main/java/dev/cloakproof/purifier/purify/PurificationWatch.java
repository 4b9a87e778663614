package dev.cloakproof.purifier.purify;

/** Follows a run, and may end it. */
public interface PurificationWatch {
    PurificationWatch NONE = (_, _, _) -> {};

    /** @param done of {@code total} parts of the step, which differ in length */
    void progress(String step, int done, int total);

    /** Asked many times a second; true ends the run. */
    default boolean cancelled() {
        return false;
    }
}
