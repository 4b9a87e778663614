package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a step made of one picture of several. */
public sealed interface Attempt {
    /** The picture it became. */
    record Made(Picture picture) implements Attempt {}

    /** Why the step cannot take it. */
    record Refused(PurificationException why) implements Attempt {}

    /** Tries to make a picture. */
    static Attempt of(Supplier<Picture> made) {
        try {
            return new Made(made.get());
        } catch (PurificationException e) {
            return new Refused(e);
        }
    }

    /** Goes on with the picture, if there is one. */
    default Attempt then(Function<Picture, Picture> next) {
        return switch (this) {
            case Made made -> of(() -> next.apply(made.picture()));
            case Refused refused -> refused;
        };
    }

    /** @throws PurificationException if it was refused */
    default Picture orThrow() {
        return switch (this) {
            case Made made -> made.picture();
            case Refused refused -> throw refused.why();
        };
    }
}
