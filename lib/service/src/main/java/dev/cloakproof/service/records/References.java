package dev.cloakproof.service.records;

import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.BlobReference;
import java.time.Instant;

/** References to blobs, and times, as messages and as plain objects. */
public final class References {
    private References() {}

    public static BlobReference of(Blob blob) {
        return BlobReference.newBuilder()
                .setSha256(blob.sha256())
                .setSizeBytes(blob.sizeBytes())
                .setMediaType(blob.mediaType())
                .build();
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException PARAMETER_INVALID if it is no reference */
    public static Blob blob(BlobReference reference) {
        try {
            return new Blob(reference.getSha256(), reference.getSizeBytes(), reference.getMediaType());
        } catch (IllegalArgumentException e) {
            throw Reason.PARAMETER_INVALID
                    .problem("a reference to a blob: " + e.getMessage())
                    .at("blob", "64 lower-case hexadecimal digits, and a size")
                    .exception(e);
        }
    }

    public static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }
}
