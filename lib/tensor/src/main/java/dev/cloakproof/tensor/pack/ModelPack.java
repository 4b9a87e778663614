package dev.cloakproof.tensor.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of weights with a manifest, {@value #MANIFEST}: components by name, each with its family, licence and files.
 *
 * <pre>{@code
 * {"name": "sd21", "components": {"upscaler": {"family": "x4-upscaler", "path": "x4", "licence": "OpenRAIL++-M",
 *   "files": [{"path": "x4/unet/config.json", "bytes": 1000, "sha256": "..."}]}}}
 * }</pre>
 *
 * <p>A pack may also bring numbers that suit it, by section and name, for whoever uses it without giving others:
 *
 * <pre>{@code
 * "defaults": {"pictures": {"side": 96}, "training": {"steps": 300, "learning_rate": 5e-4}}
 * }</pre>
 *
 * <p>Opening checks every file's length and SHA-256, so that nothing of a damaged pack is ever loaded.
 */
public final class ModelPack {
    public static final String MANIFEST = "pack.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private record Manifest(
            String name, Map<String, Component> components, Map<String, Map<String, Double>> defaults) {}

    private final Path folder;
    private final String name;
    private final Map<String, Component> components;
    private final Map<String, Map<String, Double>> defaults;

    private ModelPack(Path folder, Manifest manifest) {
        this.folder = folder;
        this.name = manifest.name();
        this.components = new TreeMap<>(manifest.components());
        this.defaults = manifest.defaults() == null ? Map.of() : manifest.defaults();
    }

    /**
     * Reads the manifest and checks all files against it.
     *
     * @throws PackException if the manifest is missing or broken, or any file is missing, outside, or not what it must be
     */
    public static ModelPack open(Path folder) {
        Manifest manifest = manifest(folder);
        List<String> problems = manifest.components().values().stream()
                .flatMap(component -> component.files().stream())
                .parallel()
                .flatMap(file -> problem(folder, file))
                .toList();
        if (!problems.isEmpty()) {
            throw new PackException(folder, problems);
        }
        return new ModelPack(folder, manifest);
    }

    public String name() {
        return name;
    }

    /** By name. */
    public Map<String, Component> components() {
        return Map.copyOf(components);
    }

    /**
     * Numbers that suit the pack, by name.
     *
     * @param section what they are for, such as {@code training}
     * @return empty if the pack says nothing about it
     */
    public Map<String, Double> defaults(String section) {
        return Collections.unmodifiableMap(defaults.getOrDefault(section, Map.of()));
    }

    public boolean has(String component) {
        return components.containsKey(component);
    }

    /** Whether there is a component of that name and family. */
    public boolean is(String component, String family) {
        return has(component) && components.get(component).family().equals(family);
    }

    /**
     * Where a component lies.
     *
     * @throws PackException if there is none of that name, or it is of another family
     */
    public Path path(String component, String family) {
        require(Map.of(component, family));
        return folder.resolve(components.get(component).path());
    }

    /**
     * Checks components before any of them is loaded.
     *
     * @param families by component
     * @throws PackException which names all that are missing or of another family
     */
    public void require(Map<String, String> families) {
        List<String> problems = new TreeMap<>(families)
                .entrySet().stream()
                        .flatMap(needed -> lack(needed.getKey(), needed.getValue()).stream())
                        .toList();
        if (!problems.isEmpty()) {
            throw new PackException(folder, problems);
        }
    }

    /** What to throw where something in the pack is not as its user needs it. */
    public PackException damaged(String problem) {
        return new PackException(folder, List.of(problem));
    }

    private Optional<String> lack(String component, String family) {
        Component found = components.get(component);
        if (found == null) {
            return Optional.of("has no component '" + component + "', only " + components.keySet());
        }
        return found.family().equals(family)
                ? Optional.empty()
                : Optional.of("'" + component + "': expected the family " + family + ", found " + found.family());
    }

    private static Manifest manifest(Path folder) {
        Path file = folder.resolve(MANIFEST);
        try {
            Manifest manifest = JSON.readValue(Files.readAllBytes(file), Manifest.class);
            if (manifest.name() == null || manifest.components() == null || incomplete(manifest)) {
                throw new PackException(
                        folder,
                        MANIFEST + " lacks a name, the components, or a component's family, path, licence or files",
                        null);
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new PackException(folder, MANIFEST + " is not a manifest: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new PackException(folder, MANIFEST + " cannot be read: " + e, e);
        }
    }

    private static boolean incomplete(Manifest manifest) {
        return manifest.components().values().stream()
                .anyMatch(component -> component == null
                        || component.family() == null
                        || component.path() == null
                        || component.licence() == null
                        || component.files().stream().anyMatch(file -> file.path() == null || file.sha256() == null));
    }

    private static Stream<String> problem(Path folder, Component.PackFile file) {
        Path path = folder.resolve(file.path()).normalize();
        if (!path.startsWith(folder.normalize())) {
            return Stream.of(file.path() + " lies outside of the pack");
        }
        try {
            if (!Files.isRegularFile(path)) {
                return Stream.of(file.path() + " is missing");
            }
            if (Files.size(path) != file.bytes()) {
                return Stream.of(file.path() + ": expected " + file.bytes() + " bytes, found " + Files.size(path));
            }
            String found = sha256(path);
            return found.equalsIgnoreCase(file.sha256())
                    ? Stream.empty()
                    : Stream.of(file.path() + ": expected SHA-256 " + file.sha256() + ", found " + found);
        } catch (IOException e) {
            return Stream.of(file.path() + " cannot be read: " + e);
        }
    }

    /** The SHA-256 of a file as 64 lower-case hexadecimal digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
