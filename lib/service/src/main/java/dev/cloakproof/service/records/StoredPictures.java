package dev.cloakproof.service.records;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import dev.cloakproof.tensor.image.PictureFile;
import dev.cloakproof.tensor.image.PictureLimits;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RequestRecord;
import jakarta.inject.Singleton;
import java.util.Map;

/** Pictures in the blob store. */
@Singleton
public class StoredPictures {
    /** The contract's largest picture: 4096 pixels a side. */
    public static final PictureReader READER =
            new PictureReader(new PictureLimits(4096, 1L << 24), PictureReader.Orientation.APPLY);

    private final BlobStore blobs;

    StoredPictures(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException BLOB_MISSING, BLOB_CHANGED or PICTURE_INVALID */
    public Picture read(PictureReference reference) {
        return decode(reference.getName(), encoded(reference));
    }

    /** The picture's bytes as they were stored. */
    public byte[] encoded(PictureReference reference) {
        return blobs.get(References.blob(reference.getBlob()));
    }

    /**
     * Stores a picture as PNG.
     *
     * @param name for people
     * @param record what made it, which goes into the PNG
     * @param context of the work that stores it
     */
    public PictureReference write(String name, Picture picture, RequestRecord record, WorkContext context) {
        return write(
                name,
                picture,
                PictureWriter.png(picture, Map.of(RequestRecords.PNG_KEYWORD, RequestRecords.json(record))),
                context);
    }

    /** Stores a picture that is encoded as PNG already. */
    public PictureReference write(String name, Picture picture, byte[] png, WorkContext context) {
        Blob blob = blobs.put(png, "image/png", context::storing);
        return PictureReference.newBuilder()
                .setName(name)
                .setBlob(References.of(blob))
                .setWidth(picture.width())
                .setHeight(picture.height())
                .build();
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException PICTURE_INVALID */
    public static Picture decode(String name, byte[] encoded) {
        return open(name, encoded).picture();
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException PICTURE_INVALID */
    public static PictureFile open(String name, byte[] encoded) {
        try {
            return READER.open(encoded);
        } catch (PictureException e) {
            throw Reason.PICTURE_INVALID
                    .problem(name.isEmpty() ? e.getMessage() : name + ": " + e.getMessage())
                    .with("trouble", e.reason())
                    .exception(e);
        }
    }
}
