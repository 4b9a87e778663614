package dev.cloakproof.purifier.upload;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the store keeps of one upload below {@code uploads/<hash of the subject>/<request>}: when it began, the answer, and
 * claims on its pictures until an event names them. Whatever crashes, who deletes the subject finds the pictures.
 */
record UploadFolder(ObjectStore objects, String subjectSha256, String request) {
    private static final String ROOT = "uploads/";

    /** All uploads of a subject that the store still knows. */
    static List<UploadFolder> all(ObjectStore objects, String subjectSha256) {
        return objects.list(ROOT + subjectSha256 + "/").stream()
                .map(key -> key.text().split("/")[2])
                .distinct()
                .map(request -> new UploadFolder(objects, subjectSha256, request))
                .toList();
    }

    String path() {
        return ROOT + subjectSha256 + "/" + request;
    }

    /** Notes that an upload begins; an earlier beginning counts over this one. */
    Instant begin(Instant now) {
        objects.putIfAbsent(key("begun"), now.toString().getBytes(StandardCharsets.UTF_8));
        return begun().orElse(now);
    }

    Optional<Instant> begun() {
        return objects.get(key("begun"))
                .map(stored -> Instant.parse(new String(stored.bytes(), StandardCharsets.UTF_8)));
    }

    void claim(Blob blob) {
        new Claims(objects).add(path(), blob);
    }

    /** An event names the pictures now. */
    void dropClaims() {
        objects.list(path() + "/blobs/").forEach(objects::delete);
    }

    Optional<byte[]> answer() {
        return objects.get(key("answer")).map(ObjectStore.Versioned::bytes);
    }

    void answer(byte[] answer) {
        objects.putIfAbsent(key("answer"), answer);
    }

    /** Of an upload that was refused. */
    void delete() {
        objects.list(path() + "/").forEach(objects::delete);
    }

    private ObjectKey key(String name) {
        return new ObjectKey(path() + "/" + name);
    }
}
