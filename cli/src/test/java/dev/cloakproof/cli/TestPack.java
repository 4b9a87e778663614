package dev.cloakproof.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Packs made of the fixtures of other modules. */
final class TestPack {
    private TestPack() {}

    /** A pack of one component, whose files are copied. */
    static void write(Path pack, String component, String family, Path source) throws IOException {
        ObjectNode manifest = new ObjectMapper().createObjectNode().put("name", "test");
        ObjectNode entry = manifest.putObject("components").putObject(component);
        entry.put("family", family).put("path", component).put("licence", "none");
        List<Path> files;
        try (Stream<Path> all = Files.walk(source)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = pack.resolve(component).resolve(source.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            entry.withArray("files")
                    .addObject()
                    .put("path", pack.relativize(copy).toString())
                    .put("bytes", Files.size(copy))
                    .put("sha256", ModelPack.sha256(copy));
        }
        Files.writeString(pack.resolve(ModelPack.MANIFEST), manifest.toString());
    }
}
