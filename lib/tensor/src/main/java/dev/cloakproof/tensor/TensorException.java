package dev.cloakproof.tensor;

/** An op refused its arguments or ran out of memory. The message names the op and the shapes it was given. */
public final class TensorException extends RuntimeException {
    TensorException(String message, Throwable cause) {
        super(message, cause);
    }
}
