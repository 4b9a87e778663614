package dev.cloakproof.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads an archive as a registry would. The service in it is small; the rest is what it would be. */
class ServiceImageTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private ImageBase base;

    @BeforeEach
    void makeAService() throws IOException {
        write("root/opt/java/bin/java", "a command").toFile().setExecutable(true);
        write("root/opt/java/lib/modules", "classes");
        Files.createDirectories(folder.resolve("root/tmp"));
        base = new ImageBase(Optional.empty(), Optional.of(folder.resolve("root")), Optional.of("/opt/java/bin"));
        write("NOTICE", "whose");
        write(
                "purifier-service/src/main/resources/application.properties",
                "quarkus.grpc.server.port=9101\nquarkus.http.port=8101\n");
        write("purifier-service/target/quarkus-app/lib/main/library.jar", "library");
        write("purifier-service/target/quarkus-app/app/service.jar", "service");
        write("purifier-service/target/quarkus-app/quarkus/generated.jar", "generated");
        write("purifier-service/target/quarkus-app/quarkus-run.jar", "run");
    }

    @Test
    void aServiceRunsAsNobodyAndSaysWhatItIs() throws Exception {
        JsonNode config = config(blobs(image("one.tar")));
        assertEquals("linux", config.path("os").asText());
        assertEquals("10001:10001", config.path("config").path("User").asText());
        assertEquals("/deployments", config.path("config").path("WorkingDir").asText());
        assertEquals("java", config.path("config").path("Entrypoint").path(0).asText());
        assertTrue(config.path("config").path("Env").toString().contains("PATH=/opt/java/bin"));
        assertTrue(config.path("config").path("ExposedPorts").has("9101/tcp"));
        assertTrue(config.path("config").path("ExposedPorts").has("8101/tcp"));
        JsonNode labels = config.path("config").path("Labels");
        assertEquals("1.2.3", labels.path("org.opencontainers.image.version").asText());
        assertEquals(
                "cloakproof/purifier",
                labels.path("org.opencontainers.image.title").asText());
        assertFalse(labels.path("org.opencontainers.image.licenses").asText().isEmpty());
    }

    @Test
    void layersHoldWhatRunsAndNobodyButRootMayWrite() throws Exception {
        Map<String, TarArchiveEntry> files = files(blobs(image("one.tar")));
        assertTrue(files.keySet()
                .containsAll(Set.of(
                        "opt/java/bin/java",
                        "deployments/quarkus-run.jar",
                        "deployments/lib/main/library.jar",
                        "deployments/app/service.jar",
                        "deployments/quarkus/generated.jar",
                        "deployments/NOTICE")));
        assertEquals(0755, files.get("opt/java/bin/java").getMode() & 07777);
        files.forEach((name, file) -> {
            assertEquals(0, file.getLongUserId(), name);
            if (!name.equals("tmp/")) {
                assertEquals(0, file.getMode() & 07022, name); // no setuid, no writing by others
            }
        });
    }

    @Test
    void theSameServiceGivesTheSameBytes() throws Exception {
        Path one = image("one.tar");
        for (String file : Set.of("quarkus-run.jar", "app/service.jar")) { // built again at another time
            Path built = folder.resolve("purifier-service/target/quarkus-app").resolve(file);
            Files.setLastModifiedTime(built, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
        }
        Path other = image("other.tar");
        assertEquals(-1, Files.mismatch(one, other));
    }

    @Test
    void aServiceThatIsNotBuiltIsNamed() {
        IOException missing =
                assertThrows(IOException.class, () -> ServiceImage.read(folder, "sampler", "1.2.3", "1.2.3"));
        assertTrue(missing.getMessage().contains("sampler-service"), missing.getMessage());
    }

    @Test
    void aBaseIsPinnedByItsDigest() {
        assertThrows(IllegalArgumentException.class, () -> ImageBase.named("java:25"));
        assertTrue(ImageBase.named("java@sha256:" + "0".repeat(64)).reference().isPresent());
    }

    /** Every library that the natives ask for is there: the runtime starts on nothing else. */
    @Test
    void theMachinesLibrariesAreFound() throws IOException {
        SystemLibraries.gather(folder.resolve("gathered"));
        assertTrue(Files.isExecutable(folder.resolve("gathered/lib64/ld-linux-x86-64.so.2")));
    }

    private Path image(String name) throws Exception {
        Path archive = folder.resolve(name);
        // A cache of its own each time: otherwise the second image would be the first's layers.
        ServiceImage.read(folder, "purifier", "1.2.3", "1.2.3-cuda")
                .write(base, archive, folder.resolve("cache-" + name));
        return archive;
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Map<String, byte[]> blobs(Path archive) throws IOException {
        Map<String, byte[]> blobs = new HashMap<>();
        try (var tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                blobs.put(entry.getName(), tar.readAllBytes());
            }
        }
        return blobs;
    }

    private static JsonNode manifest(Map<String, byte[]> blobs) throws IOException {
        JsonNode index = JSON.readTree(blobs.get("index.json"));
        return JSON.readTree(blob(blobs, index.path("manifests").path(0)));
    }

    private static JsonNode config(Map<String, byte[]> blobs) throws IOException {
        return JSON.readTree(blob(blobs, manifest(blobs).path("config")));
    }

    private static byte[] blob(Map<String, byte[]> blobs, JsonNode descriptor) {
        return blobs.get("blobs/" + descriptor.path("digest").asText().replace(':', '/'));
    }

    private static Map<String, TarArchiveEntry> files(Map<String, byte[]> blobs) throws IOException {
        Map<String, TarArchiveEntry> files = new TreeMap<>();
        for (JsonNode layer : manifest(blobs).path("layers")) {
            InputStream plain = new GZIPInputStream(new ByteArrayInputStream(blob(blobs, layer)));
            try (var tar = new TarArchiveInputStream(plain)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    files.put(entry.getName(), entry);
                }
            }
        }
        return files;
    }
}
