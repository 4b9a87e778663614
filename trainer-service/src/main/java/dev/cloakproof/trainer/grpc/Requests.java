package dev.cloakproof.trainer.grpc;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.PictureReference;
import jakarta.inject.Singleton;
import java.util.List;

/** What trainings and protections are asked alike. */
@Singleton
class Requests {
    private static final int MOST_PICTURES = 200;

    private final Authorizations authorizations;
    private final BlobStore blobs;

    Requests(Authorizations authorizations, BlobStore blobs) {
        this.authorizations = authorizations;
        this.blobs = blobs;
    }

    /**
     * Returns if somebody's pictures are there and may be used.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException PARAMETER_INVALID, AUTHORIZATION_MISSING,
     *     AUTHORIZATION_EXPIRED or BLOB_MISSING
     */
    void require(String subject, AuthorizationRecord authorization, List<PictureReference> pictures) {
        if (!subject.matches("[a-z][a-z0-9-]{0,62}")) {
            String expected = "1 to 63 lower-case letters, digits and dashes, beginning with a letter";
            throw Reason.PARAMETER_INVALID
                    .problem("subject: expected " + expected)
                    .at("subject", expected)
                    .exception();
        }
        authorizations.require(authorization);
        if (pictures.isEmpty() || pictures.size() > MOST_PICTURES) {
            throw Reason.PARAMETER_INVALID
                    .problem("pictures: expected 1 to " + MOST_PICTURES + ", found " + pictures.size())
                    .at("pictures", "1 to " + MOST_PICTURES)
                    .exception();
        }
        for (PictureReference picture : pictures) {
            Blob blob = References.blob(picture.getBlob());
            if (!blobs.holds(blob)) {
                throw Reason.BLOB_MISSING
                        .problem("expected a blob of hash " + blob.sha256() + ", found none")
                        .with("sha256", blob.sha256())
                        .exception();
            }
        }
    }
}
