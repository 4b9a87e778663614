package dev.cloakproof.tensor.nn;

/** A checkpoint holds NaN or infinite weights: every picture made with it would be one colour, or noise. */
public final class NonFiniteWeightsException extends RuntimeException {
    NonFiniteWeightsException(String message) {
        super(message);
    }
}
