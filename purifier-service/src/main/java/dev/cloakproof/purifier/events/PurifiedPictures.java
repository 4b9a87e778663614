package dev.cloakproof.purifier.events;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.PictureReference;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.Optional;

/** Pictures of a run that are purified: what was stopped in the middle goes on with the next one. */
@Singleton
class PurifiedPictures {
    private final ObjectStore objects;
    private final BlobStore blobs;

    PurifiedPictures(ObjectStore objects, BlobStore blobs) {
        this.objects = objects;
        this.blobs = blobs;
    }

    /** What became of a picture in the same run under the same plan, if that is still there. */
    Optional<PictureReference> find(String run, Plan plan, Blob input) {
        return objects.get(key(run, plan, input))
                .map(stored -> parse(stored.bytes()))
                .filter(purified -> blobs.holds(References.blob(purified.getBlob())));
    }

    void keep(String run, Plan plan, Blob input, PictureReference purified) {
        objects.put(key(run, plan, input), purified.toByteArray());
    }

    private static ObjectKey key(String run, Plan plan, Blob input) {
        String pack = plan.pack().pack().map(ServicePack::manifestSha256).orElse("");
        String parameters = HexFormat.of().formatHex(plan.parameters().toByteArray());
        return new ObjectKey(
                run + "/purify/pictures/" + Sha256.of(pack + "\n" + parameters + "\n" + input.sha256()) + ".pb");
    }

    private static PictureReference parse(byte[] stored) {
        try {
            return PictureReference.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a purified picture's reference cannot be read", e);
        }
    }
}
