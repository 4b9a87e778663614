package dev.cloakproof.diffusion;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** What the Python scripts beside the tests made (src/test/python). */
public final class Fixtures {
    private static final Path ROOT = Path.of("src", "test", "resources", "fixtures");

    /** The Python library writes bare {@code -Infinity}. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Fixtures() {}

    public static Path folder(String name) {
        return ROOT.resolve(name);
    }

    public static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensors of a file, in the current scope. */
    public static Map<String, Tensor> load(Path file) {
        return Pretrained.tensors(file);
    }

    /** {@code case.safetensors} of a folder. */
    public static Map<String, Tensor> load(String name) {
        return load(folder(name).resolve("case.safetensors"));
    }
}
