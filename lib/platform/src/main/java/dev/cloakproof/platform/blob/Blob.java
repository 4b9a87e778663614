package dev.cloakproof.platform.blob;

import java.util.regex.Pattern;

/**
 * Reference to bytes in the {@link BlobStore}.
 *
 * @param sha256 hash of the bytes, 64 lower-case hexadecimal digits
 * @param sizeBytes length in bytes, 0 or more
 * @param mediaType IANA media type, such as {@code image/png}
 */
public record Blob(String sha256, long sizeBytes, String mediaType) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public Blob {
        if (!HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException("expected 64 lower-case hexadecimal digits, found \"" + sha256 + "\"");
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("expected a size of 0 or more, found " + sizeBytes);
        }
    }

    /** Where the bytes lie; the first two digits spread blobs over 256 folders. */
    ObjectKey key() {
        return ObjectKey.of(BlobStore.FOLDER, sha256.substring(0, 2), sha256);
    }
}
