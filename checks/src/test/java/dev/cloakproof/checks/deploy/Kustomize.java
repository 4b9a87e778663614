package dev.cloakproof.checks.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What {@code kubectl kustomize} makes of the folders of deploy/kubernetes. */
final class Kustomize {
    static final Path ROOT = Path.of("..", "deploy", "kubernetes");
    private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);
    private static final Map<Path, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

    private Kustomize() {}

    /** Everything that somebody may apply: the base, the base with each component alone, the overlays. */
    static List<String> folders() {
        return Stream.concat(
                        Stream.of("base"),
                        Stream.of("components", "overlays")
                                .flatMap(kind -> names(kind).map(name -> kind + "/" + name)))
                .toList();
    }

    private static Stream<String> names(String kind) {
        try (Stream<Path> inside = Files.list(ROOT.resolve(kind))) {
            return inside.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of a folder; of a component, with the base. */
    static List<JsonNode> objects(String folder) {
        return RENDERED.computeIfAbsent(Path.of(folder), Kustomize::render);
    }

    /** The objects of one kind. */
    static List<JsonNode> objects(String folder, String kind) {
        return objects(folder).stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The only object of a kind and a name. */
    static JsonNode object(String folder, String kind, String name) {
        return objects(folder, kind).stream()
                .filter(object -> name(object).equals(name))
                .reduce((_, twin) -> {
                    throw new AssertionError("two of " + kind + " " + name + " in " + folder + ": " + twin);
                })
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + folder));
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static List<JsonNode> render(Path folder) {
        try {
            if (folder.startsWith("components")) {
                return kustomize(withBase(folder));
            }
            return kustomize(ROOT.resolve(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Path withBase(Path component) throws IOException {
        Path around = Files.createDirectories(
                Path.of("target", "kustomize", component.getFileName().toString()));
        Path up = around.toAbsolutePath().relativize(ROOT.toAbsolutePath().normalize());
        Files.writeString(around.resolve("kustomization.yaml"), """
                kind: Kustomization
                namespace: cloakproof
                resources: [%s/base]
                components: [%s/%s]
                """.formatted(up, up, component));
        return around;
    }

    private static List<JsonNode> kustomize(Path folder) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException missing) {
            return Assumptions.abort("kubectl is missing, so deploy/kubernetes is NOT checked");
        }
        String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("kubectl kustomize " + folder + " failed");
        }
        try (MappingIterator<JsonNode> documents = YAML.readValues(yaml)) {
            return documents.readAll();
        }
    }
}
