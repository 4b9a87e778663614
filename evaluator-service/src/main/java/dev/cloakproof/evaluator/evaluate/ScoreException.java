package dev.cloakproof.evaluator.evaluate;

/** A score that cannot be given. The message says why. */
public final class ScoreException extends RuntimeException {
    public ScoreException(String message) {
        super(message);
    }
}
