package dev.cloakproof.tensor.weights;

import java.nio.file.Path;

/** Maps a file for the checkpoint that is being opened, which keeps it. */
@FunctionalInterface
interface FileMapper {
    MappedFile map(Path path);
}
