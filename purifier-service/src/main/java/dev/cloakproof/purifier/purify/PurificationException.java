package dev.cloakproof.purifier.purify;

/**
 * A picture that a step cannot take, whatever else it is given. The message says what was expected and what was found.
 * Settings that make no sense never come so far: they are a {@link ChainException} or an IllegalArgumentException when
 * the chain is made.
 */
public final class PurificationException extends RuntimeException {
    public PurificationException(String message) {
        super(message);
    }
}
