package dev.cloakproof.portraits;

import dev.cloakproof.tensor.image.Picture;
import java.util.Optional;

/**
 * A kind of picture that a model can be personalised on: something that stays (the subject: a person, an artist's
 * style) and something that changes from picture to picture (the work: a photograph, a composition).
 *
 * <p>Domains are immutable and may be shared between threads. Subjects' seeds follow {@link Seeds}.
 *
 * @param <S> what stays
 * @param <W> what changes
 */
public interface Domain<S, W> {
    /** The side of a picture in pixels unless another is asked for. */
    int DEFAULT_SIZE = 128;

    /** The domain's name in settings: lower-case letters. */
    String name();

    /** The noun of the class prompt: "person" in "a photo of a person". */
    String classNoun();

    /** The subject of a seed. */
    S subject(long seed);

    /** The work of a seed; it knows nothing of the subject. */
    W work(long seed);

    /**
     * A square picture.
     *
     * @param size its side in pixels, 16 to 1024
     * @throws IllegalArgumentException if the size is out of range
     */
    Picture render(S subject, W work, int size);

    /**
     * The picture in words.
     *
     * @param phrasing a seed: which of several ways to say it, and how much of it
     * @param identifier the subject's name before the class noun ("sks person"), if it has one
     */
    String caption(S subject, W work, long phrasing, Optional<String> identifier);

    /** {@link #render} from seeds. */
    default Picture render(long subject, long work, int size) {
        return render(subject(subject), work(work), size);
    }

    /** {@link #caption} from seeds. */
    default String caption(long subject, long work, long phrasing, Optional<String> identifier) {
        return caption(subject(subject), work(work), phrasing, identifier);
    }
}
