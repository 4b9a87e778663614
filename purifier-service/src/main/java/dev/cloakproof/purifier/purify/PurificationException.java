package dev.cloakproof.purifier.purify;

/** A picture that a step cannot take. The message says what was expected and what was found. */
public final class PurificationException extends RuntimeException {
    public PurificationException(String message) {
        super(message);
    }
}
