package dev.cloakproof.tensor.image;

/** A file that is not a picture to be read here. The message says what was expected and what was found. */
public final class PictureException extends RuntimeException {
    /** What kind of trouble it is, for callers that must act on it. */
    public enum Reason {
        /** The file is missing, or reading or writing it failed. */
        IO,
        /** Neither PNG nor JPEG, whatever the file's name says. */
        UNKNOWN_FORMAT,
        /** The file ends before the picture does. */
        TRUNCATED,
        /** The content breaks its format's rules. */
        MALFORMED,
        /** More pixels than the caller allows; nothing was decoded. */
        TOO_LARGE,
        /** Several pictures in one file. */
        ANIMATED,
        /** Valid, but of a kind that is not read here. */
        UNSUPPORTED
    }

    private final Reason reason;

    PictureException(Reason reason, String message) {
        this(reason, message, null);
    }

    PictureException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of trouble it is. */
    public Reason reason() {
        return reason;
    }
}
