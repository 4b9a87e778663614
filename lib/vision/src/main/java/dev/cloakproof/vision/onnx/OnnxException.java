package dev.cloakproof.vision.onnx;

/** An ONNX file that cannot be run, or a run that failed. The message names the file. */
public final class OnnxException extends RuntimeException {
    OnnxException(String message, Throwable cause) {
        super(message, cause);
    }
}
