package dev.cloakproof.tensor.weights;

import java.nio.file.Path;

/** A checkpoint that cannot be read or written. The message names the file, the place in it, expected and found. */
public final class CheckpointException extends RuntimeException {
    /** What kind of trouble it is, for callers that must act on it. */
    public enum Reason {
        /** The file is missing, or reading or writing it failed. */
        IO,
        /** The content is none of the formats known here. */
        UNKNOWN_FORMAT,
        /** The file ends before what it announces. */
        TRUNCATED,
        /** The content breaks its format's rules. */
        MALFORMED,
        /** A size beyond what any real checkpoint needs; refused before it is acted on. */
        TOO_LARGE,
        /** Valid, but of a kind that is not read here: a compressed entry, a big-endian file, an element type. */
        UNSUPPORTED,
        /** A pickle that names a class or function other than those that rebuild tensors. */
        FORBIDDEN_CLASS,
        /** Shards of the index are not beside it, or an index names a file elsewhere. */
        SHARDS,
        /** The checkpoint lacks what the caller asked for. */
        MISSING
    }

    private final Reason reason;

    CheckpointException(Reason reason, Path file, String detail) {
        this(reason, file, detail, null);
    }

    CheckpointException(Reason reason, Path file, String detail, Throwable cause) {
        super(file + ": " + detail, cause);
        this.reason = reason;
    }

    /** What kind of trouble it is. */
    public Reason reason() {
        return reason;
    }
}
