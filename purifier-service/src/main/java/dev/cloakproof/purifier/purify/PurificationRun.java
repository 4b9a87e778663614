package dev.cloakproof.purifier.purify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * What the steps of a chain share while one picture is purified: the seed, who watches, and what there is to say. For
 * one thread.
 */
public final class PurificationRun {
    private final long seed;
    private final String classNoun;
    private final PurificationWatch watch;
    private final List<String> notes = new ArrayList<>();
    private OptionalInt faces = OptionalInt.empty();

    /**
     * @param seed of all noise; a picture's result does not depend on others of its batch
     * @param classNoun what the pictures show, for prompts
     */
    public PurificationRun(long seed, String classNoun, PurificationWatch watch) {
        this.seed = seed;
        this.classNoun = classNoun;
        this.watch = watch;
    }

    public long seed() {
        return seed;
    }

    public String classNoun() {
        return classNoun;
    }

    /** Adds a sentence to the result, such as that no face was found. */
    public void note(String sentence) {
        notes.add(sentence);
    }

    void faces(int found) {
        faces = OptionalInt.of(found);
    }

    /** Faces that were found, where a step looked for them. */
    public OptionalInt facesFound() {
        return faces;
    }

    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    /** @throws CancellationException if the watcher wants the run to end */
    public void progress(String step, int done, int total) {
        watch.progress(step, done, total);
        if (watch.cancelled()) {
            throw new CancellationException("purification was cancelled in " + step);
        }
    }

    boolean cancelled() {
        return watch.cancelled();
    }
}
