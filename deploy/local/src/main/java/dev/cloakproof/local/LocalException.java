package dev.cloakproof.local;

/** Something that the user can do something about; the message says what. */
final class LocalException extends RuntimeException {
    LocalException(String message) {
        super(message);
    }

    LocalException(String message, Throwable cause) {
        super(message, cause);
    }
}
