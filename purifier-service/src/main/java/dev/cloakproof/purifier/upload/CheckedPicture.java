package dev.cloakproof.purifier.upload;

import java.nio.file.Path;

/**
 * A picture that was found good, without its metadata.
 *
 * @param reference whether it is only compared with
 * @param png where its pixels lie, encoded again
 */
record CheckedPicture(String name, boolean reference, int width, int height, Path png) {}
