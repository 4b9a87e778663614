package dev.cloakproof.platform.blob;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Objects by key, with the conditional writes that leases and manifests need. Implementations are thread-safe; a
 * reader sees an object whole or not at all.
 *
 * <p>All methods throw {@link dev.cloakproof.platform.errors.CloakproofException} with STORE_UNAVAILABLE when the
 * store does not answer, and DISK_FULL when there is no room; after DISK_FULL nothing of the write is left.
 */
public interface ObjectStore {
    /** Writes an object, replacing what was there. It is durable on return. */
    void put(ObjectKey key, byte[] bytes);

    /** Writes a file's bytes without holding them in memory. */
    void put(ObjectKey key, Path file);

    /**
     * Writes an object unless one is there.
     *
     * @return the version written, or empty if the key was taken: of any number of callers exactly one wins
     */
    Optional<Version> putIfAbsent(ObjectKey key, byte[] bytes);

    /**
     * Replaces an object only if it still has the expected version.
     *
     * @return the version written, or empty if somebody else was faster
     */
    Optional<Version> replace(ObjectKey key, byte[] bytes, Version expected);

    /** The object with its version, or empty. */
    Optional<Versioned> get(ObjectKey key);

    /**
     * A part of an object.
     *
     * @param offset first byte, 0 or more
     * @param length bytes wanted, 1 or more; fewer come back at the end of the object
     * @return the bytes, none if the offset lies past the end, or empty if there is no such object
     */
    Optional<byte[]> read(ObjectKey key, long offset, int length);

    /** Copies an object into a file that does not exist yet; false if there is no such object. */
    boolean download(ObjectKey key, Path file);

    /** Deletes an object; true if it was there. */
    boolean delete(ObjectKey key);

    /** Keys below a prefix, in lexical order. A prefix is the beginning of a key, cut at any character. */
    List<ObjectKey> list(String prefix);

    /**
     * Names one state of an object.
     *
     * @param token opaque; equal tokens of one key mean equal bytes
     */
    record Version(String token) {}

    /** An object's bytes and the version they belong to. */
    record Versioned(byte[] bytes, Version version) {}
}
