package dev.cloakproof.sampler.events;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pictures of a stage that are finished, written down one by one: a restarted sampler goes on with the next. */
@Singleton
class FinishedPictures {
    private final ObjectStore objects;

    FinishedPictures(ObjectStore objects) {
        this.objects = objects;
    }

    /** Those from the first one on, without a gap. */
    List<SampledReference> of(String run, String specification) {
        List<SampledReference> finished = new ArrayList<>();
        Optional<ObjectStore.Versioned> next = objects.get(key(run, specification, 0));
        while (next.isPresent()) {
            try {
                finished.add(SampledReference.parseFrom(next.get().bytes()));
            } catch (InvalidProtocolBufferException damaged) {
                return finished; // drawn anew
            }
            next = objects.get(key(run, specification, finished.size()));
        }
        return finished;
    }

    /** Called when the picture itself is stored. */
    void add(String run, String specification, int index, SampledReference sample) {
        objects.put(key(run, specification, index), sample.toByteArray());
    }

    /** Beside the stage's result. */
    private static ObjectKey key(String run, String specification, int index) {
        return new ObjectKey(run + "/sample/" + specification + "/picture-" + index + ".pb");
    }
}
