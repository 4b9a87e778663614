package dev.cloakproof.diffusion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a component of a model as Hugging Face lays it out: {@code config.json} and a weights file. */
public final class ComponentFolder {
    private ComponentFolder() {}

    /** @param base name of the weights file without its ending */
    public static void write(Path folder, ObjectNode config, String base, Network network, Map<String, String> metadata)
            throws IOException {
        Files.createDirectories(folder);
        // The Python library refuses a weights file that does not say this.
        Map<String, String> header = new LinkedHashMap<>(metadata);
        header.put("format", "pt");
        Pretrained.save(folder.resolve(base + ".safetensors"), network, header);
        Files.writeString(folder.resolve("config.json"), config.toPrettyString() + "\n");
    }
}
