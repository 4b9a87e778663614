package dev.cloakproof.tensor.pack;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes a pack of a folder: writes the manifest that {@link ModelPack#open} checks, with the hash of every file. */
public final class PackWriter {
    private final Path folder;
    private final String name;
    private final Map<String, ObjectNode> components = new TreeMap<>();
    private final Map<String, Map<String, Double>> defaults = new TreeMap<>();

    /** @param folder which holds the components' files already */
    public PackWriter(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /**
     * Adds a component. Several may lie at one path.
     *
     * @param path its folder or file, relative to the pack
     * @throws IOException if there is nothing at {@code path}, or it cannot be read
     */
    public PackWriter component(String component, String family, String path, String licence) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("family", family);
        node.put("path", path);
        node.put("licence", licence);
        ArrayNode files = node.putArray("files");
        for (Path file : files(folder.resolve(path))) {
            files.addObject()
                    .put("path", folder.relativize(file).toString().replace('\\', '/'))
                    .put("bytes", Files.size(file))
                    .put("sha256", ModelPack.sha256(file));
        }
        components.put(component, node);
        return this;
    }

    /** Adds numbers that suit the pack. */
    public PackWriter defaults(String section, Map<String, Double> numbers) {
        defaults.put(section, new TreeMap<>(numbers));
        return this;
    }

    /** Writes the manifest, in one step. */
    public void write() throws IOException {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("name", name);
        ObjectNode all = manifest.putObject("components");
        components.forEach(all::set);
        ObjectNode numbers = manifest.putObject("defaults");
        defaults.forEach((section, values) -> values.forEach(numbers.withObjectProperty(section)::put));
        String text = new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(folder.resolve(ModelPack.MANIFEST), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
