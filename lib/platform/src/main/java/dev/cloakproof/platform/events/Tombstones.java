package dev.cloakproof.platform.events;

import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was deleted, in the object store: whoever works looks here before it begins and before it writes, and it outlives
 * the run index, which can be made again from events that the log still has. Nothing personal: a run's id, a subject's
 * hash.
 */
public final class Tombstones {
    private static final String NAME = "deleted";

    private final ObjectStore objects;

    public Tombstones(ObjectStore objects) {
        this.objects = objects;
    }

    public void runIsDeleted(String run, Instant time) {
        put(ofRun(run), time);
    }

    /** All that was created for a subject up to a time. */
    public void subjectIsDeleted(String subject, Instant time) {
        put(ofSubject(hash(subject)), time);
    }

    public boolean isRunDeleted(String run) {
        return objects.get(ofRun(run)).isPresent();
    }

    /** Whether what was created for a subject at a time is deleted. */
    public boolean isSubjectDeleted(String subject, Instant created) {
        return objects.get(ofSubject(hash(subject)))
                .map(Tombstones::time)
                .filter(deleted -> !deleted.isBefore(created))
                .isPresent();
    }

    /** Times by run. */
    public Map<String, Instant> runs() {
        return all("runs/");
    }

    /** Times by hash of the subject. */
    public Map<String, Instant> subjects() {
        return all("subjects/");
    }

    /** How a subject is named where its name has no business. */
    public static String hash(String subject) {
        return Sha256.of(subject);
    }

    private Map<String, Instant> all(String prefix) {
        Map<String, Instant> times = new TreeMap<>();
        for (ObjectKey key : objects.list(prefix)) {
            String[] names = key.text().split("/");
            if (names.length == 3 && names[2].equals(NAME)) {
                Optional<ObjectStore.Versioned> stored = objects.get(key);
                stored.ifPresent(found -> times.put(names[1], time(found)));
            }
        }
        return times;
    }

    private static ObjectKey ofRun(String run) {
        return ObjectKey.of("runs", run, NAME);
    }

    private static ObjectKey ofSubject(String hash) {
        return ObjectKey.of("subjects", hash, NAME);
    }

    private static Instant time(ObjectStore.Versioned stored) {
        return Instant.parse(new String(stored.bytes(), StandardCharsets.UTF_8));
    }

    private void put(ObjectKey key, Instant time) {
        objects.put(key, time.toString().getBytes(StandardCharsets.UTF_8));
    }
}
