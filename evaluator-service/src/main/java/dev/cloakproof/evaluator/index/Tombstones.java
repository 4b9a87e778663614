package dev.cloakproof.evaluator.index;

import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was deleted, in the object store: it outlives the database, whose rows can be made again from events that the log
 * still has. Nothing personal: a run's id, a subject's hash.
 */
final class Tombstones {
    private static final String NAME = "deleted";

    private final ObjectStore objects;

    Tombstones(ObjectStore objects) {
        this.objects = objects;
    }

    void runIsDeleted(String run, Instant time) {
        put(ObjectKey.of("runs", run, NAME), time);
    }

    /** All runs of a subject that were created up to a time. */
    void subjectIsDeleted(String subject, Instant time) {
        put(ObjectKey.of("subjects", Sha256.of(subject), NAME), time);
    }

    /** Times by run. */
    Map<String, Instant> runs() {
        return all("runs/");
    }

    /** Times by hash of the subject. */
    Map<String, Instant> subjects() {
        return all("subjects/");
    }

    private Map<String, Instant> all(String prefix) {
        Map<String, Instant> times = new TreeMap<>();
        for (ObjectKey key : objects.list(prefix)) {
            String[] names = key.text().split("/");
            if (names.length == 3 && names[2].equals(NAME)) {
                objects.get(key)
                        .ifPresent(stored ->
                                times.put(names[1], Instant.parse(new String(stored.bytes(), StandardCharsets.UTF_8))));
            }
        }
        return times;
    }

    private void put(ObjectKey key, Instant time) {
        objects.put(key, time.toString().getBytes(StandardCharsets.UTF_8));
    }
}
