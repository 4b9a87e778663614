package dev.cloakproof.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Writes packs of small networks that lie about as folders. */
public final class TestPack {
    private final Path folder;
    private final ObjectNode manifest;

    /** A pack in {@code packs/name}. */
    public TestPack(Path packs, String name) {
        folder = packs.resolve(name);
        manifest = new ObjectMapper().createObjectNode().put("name", name);
        manifest.putObject("components");
    }

    /** Copies a folder of files into the pack as a component. */
    public TestPack with(String component, String family, Path files) {
        ObjectNode node = manifest.withObject("/components/" + component)
                .put("family", family)
                .put("path", component)
                .put("licence", "none");
        try (Stream<Path> all = Files.walk(files)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                Path copy =
                        folder.resolve(component).resolve(files.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(file));
                node.withArray("files")
                        .addObject()
                        .put("path", folder.relativize(copy).toString())
                        .put("bytes", Files.size(copy))
                        .put("sha256", ModelPack.sha256(copy));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Numbers that suit the pack, such as {@code training}: {@code steps} 300. */
    public TestPack defaults(String section, Map<String, Double> values) {
        values.forEach(manifest.withObject("/defaults/" + section)::put);
        return this;
    }

    /** Writes the manifest and returns the pack's folder. */
    public Path write() {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve(ModelPack.MANIFEST), manifest.toString())
                    .getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
