package dev.cloakproof.platform.blob;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Bytes by their own hash. Putting the same bytes twice stores them once; what is read is verified, so a blob that
 * changed on its disk is an error (BLOB_CHANGED) and never a picture. A blob that is gone is BLOB_MISSING.
 */
public final class BlobStore {
    static final String FOLDER = "blobs";

    private final ObjectStore objects;

    public BlobStore(ObjectStore objects) {
        this.objects = objects;
    }

    /** Stores bytes. It writes even if the blob is there, which mends one that was damaged. */
    public Blob put(byte[] bytes, String mediaType) {
        return put(bytes, mediaType, _ -> {});
    }

    /** @param before told of the blob when nothing is written yet; what it throws keeps it from being written */
    public Blob put(byte[] bytes, String mediaType, Consumer<Blob> before) {
        Blob blob = new Blob(Sha256.of(bytes), bytes.length, mediaType);
        before.accept(blob);
        objects.put(blob.key(), bytes);
        return blob;
    }

    /** Stores a file without holding it in memory: for weights and checkpoints. */
    public Blob put(Path file, String mediaType) {
        return put(file, mediaType, _ -> {});
    }

    /** @param before told of the blob when nothing is written yet; what it throws keeps it from being written */
    public Blob put(Path file, String mediaType, Consumer<Blob> before) {
        Blob blob = FileErrors.call("hash " + file, () -> new Blob(Sha256.of(file), Files.size(file), mediaType));
        before.accept(blob);
        objects.put(blob.key(), file);
        return blob;
    }

    /** Whether there is a blob; it is not verified. */
    public boolean holds(Blob blob) {
        return objects.read(blob.key(), 0, 1).isPresent();
    }

    /** All bytes of a blob, verified. */
    public byte[] get(Blob blob) {
        byte[] bytes = objects.get(blob.key()).orElseThrow(() -> missing(blob)).bytes();
        verify(blob, Sha256.of(bytes), bytes.length);
        return bytes;
    }

    /** Copies a blob into a file that does not exist yet, verified; on failure there is no file. */
    public void download(Blob blob, Path file) {
        if (!objects.download(blob.key(), file)) {
            throw missing(blob);
        }
        try {
            verify(
                    blob,
                    FileErrors.call("hash " + file, () -> Sha256.of(file)),
                    FileErrors.call("size " + file, () -> Files.size(file)));
        } catch (CloakproofException changed) {
            FileErrors.run("delete " + file, () -> Files.delete(file));
            throw changed;
        }
    }

    /**
     * A part of a blob. It is not verified: a hash covers the whole. Use it for previews and headers.
     *
     * @param offset first byte, 0 or more
     * @param length bytes wanted, 1 or more; fewer come back at the end
     */
    public byte[] read(Blob blob, long offset, int length) {
        return objects.read(blob.key(), offset, length).orElseThrow(() -> missing(blob));
    }

    /** Deletes a blob; true if it was there. Who calls has made sure that nothing else refers to it. */
    public boolean delete(Blob blob) {
        return objects.delete(blob.key());
    }

    private static void verify(Blob blob, String sha256, long sizeBytes) {
        if (!sha256.equals(blob.sha256())) {
            throw about(Reason.BLOB_CHANGED, "expected bytes of hash " + blob.sha256() + ", found " + sha256, blob)
                    .exception();
        }
        if (sizeBytes != blob.sizeBytes()) {
            throw about(
                            Reason.BLOB_CHANGED,
                            "expected " + blob.sizeBytes() + " bytes as referred to, found " + sizeBytes,
                            blob)
                    .exception();
        }
    }

    private static CloakproofException missing(Blob blob) {
        return about(Reason.BLOB_MISSING, "expected a blob of hash " + blob.sha256() + ", found none", blob)
                .exception();
    }

    private static Problem about(Reason reason, String message, Blob blob) {
        return reason.problem(message).with("sha256", blob.sha256());
    }
}
