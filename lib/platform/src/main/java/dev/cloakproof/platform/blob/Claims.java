package dev.cloakproof.platform.blob;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which blobs a part of the store keeps or is about to keep, as objects {@code <owner>/blobs/<sha256>} beside what else
 * lies below the owner. A claim is written before its blob: whatever crashes in between, who deletes the owner finds the
 * blob.
 */
public final class Claims {
    private static final String FOLDER = "/blobs/";

    private final ObjectStore objects;

    public Claims(ObjectStore objects) {
        this.objects = objects;
    }

    /** Durable on return. */
    public void add(String owner, Blob blob) {
        String about = blob.sizeBytes() + " " + blob.mediaType();
        objects.put(new ObjectKey(owner + FOLDER + blob.sha256()), about.getBytes(StandardCharsets.UTF_8));
    }

    /** What an owner, and whoever lies below it, claims. */
    public List<Blob> of(String owner) {
        return keys(owner + "/")
                .map(this::read)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** Hashes of all blobs that are claimed below some folders, except by one owner. */
    public Set<String> hashes(List<String> folders, String except) {
        return folders.stream()
                .flatMap(folder -> keys(folder + "/"))
                .map(ObjectKey::text)
                .filter(key -> !key.startsWith(except + "/"))
                .map(Claims::hash)
                .collect(Collectors.toSet());
    }

    private Stream<ObjectKey> keys(String prefix) {
        return objects.list(prefix).stream().filter(Claims::isClaim);
    }

    /** Whether an object is a claim. */
    public static boolean isClaim(ObjectKey key) {
        String[] names = key.text().split("/");
        return names.length > 2 && names[names.length - 2].equals("blobs");
    }

    private static String hash(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private Optional<Blob> read(ObjectKey key) {
        return objects.get(key).map(stored -> {
            String[] about = new String(stored.bytes(), StandardCharsets.UTF_8).split(" ", 2);
            return new Blob(hash(key.text()), Long.parseLong(about[0]), about[1]);
        });
    }
}
