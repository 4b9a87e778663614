package dev.cloakproof.evaluator.index;

import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.security.Retention.Kind;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.UploadReceived;
import java.util.ArrayList;
import java.util.List;

/**
 * A blob that a run holds on to.
 *
 * @param kind how long it is kept
 */
record HeldBlob(Blob blob, Kind kind) {
    /** All blobs that an event refers to; not the files behind a model's manifest, which only the manifest knows. */
    static List<HeldBlob> of(Message payload) {
        List<HeldBlob> held = new ArrayList<>();
        RunFacts.context(payload).ifPresent(context -> add(held, context.getReferencesList(), Kind.PICTURE));
        switch (payload) {
            case UploadReceived event -> add(held, event.getPicturesList(), Kind.PICTURE);
            case ImagesPurified event -> {
                add(held, event.getProtectedPicturesList(), Kind.PICTURE);
                add(held, event.getPurifiedPicturesList(), Kind.PICTURE);
            }
            case ModelTrained event -> {
                add(held, event.getProtectedPicturesList(), Kind.PICTURE);
                add(held, event.getPurifiedPicturesList(), Kind.PICTURE);
                add(held, event.getModel(), Kind.MODEL);
                add(held, event.getCurve(), Kind.REPORT);
            }
            case ImagesSampled event -> {
                add(held, event.getProtectedPicturesList(), Kind.PICTURE);
                add(held, event.getPurifiedPicturesList(), Kind.PICTURE);
                add(held, event.getModel(), Kind.MODEL);
                add(held, event.getCurve(), Kind.REPORT);
                event.getSamplesList()
                        .forEach(sample -> add(held, sample.getPicture().getBlob(), Kind.SAMPLE));
            }
            case RunEvaluated event -> {
                add(held, event.getReport(), Kind.REPORT);
                add(held, event.getScoresJson(), Kind.REPORT);
            }
            default -> {
                // refers to no blobs
            }
        }
        return held.stream().distinct().toList();
    }

    private static void add(List<HeldBlob> held, List<PictureReference> pictures, Kind kind) {
        pictures.forEach(picture -> add(held, picture.getBlob(), kind));
    }

    private static void add(List<HeldBlob> held, BlobReference blob, Kind kind) {
        if (!blob.getSha256().isEmpty()) {
            held.add(new HeldBlob(new Blob(blob.getSha256(), blob.getSizeBytes(), blob.getMediaType()), kind));
        }
    }
}
