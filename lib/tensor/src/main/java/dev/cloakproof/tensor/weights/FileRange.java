package dev.cloakproof.tensor.weights;

import java.nio.file.Path;

/**
 * A run of bytes of a file.
 *
 * @param file the file
 * @param offset of the first byte from the start of the file
 * @param length in bytes
 */
public record FileRange(Path file, long offset, long length) {
    public FileRange {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("negative range " + offset + " + " + length + " of " + file);
        }
    }
}
