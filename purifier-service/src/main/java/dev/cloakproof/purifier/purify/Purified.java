package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;
import java.util.OptionalInt;

/**
 * A purified picture.
 *
 * @param notes what its reader should know, such as that no face was found
 * @param facesFound how many faces were restored; empty where no step looked for them
 */
public record Purified(Picture picture, List<String> notes, OptionalInt facesFound) {
    public Purified {
        notes = List.copyOf(notes);
    }
}
