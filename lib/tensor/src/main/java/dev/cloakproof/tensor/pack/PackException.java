package dev.cloakproof.tensor.pack;

import java.nio.file.Path;
import java.util.List;

/** A model pack that is not what its manifest says, or lacks what is asked of it. Every problem is listed. */
public final class PackException extends RuntimeException {
    PackException(Path pack, List<String> problems) {
        super("model pack " + pack + ":\n  " + String.join("\n  ", problems));
    }

    PackException(Path pack, String problem, Throwable cause) {
        super("model pack " + pack + ": " + problem, cause);
    }
}
