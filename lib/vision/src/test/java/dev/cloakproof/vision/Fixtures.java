package dev.cloakproof.vision;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.Map;

/** What the Python scripts beside the tests made (src/test/python). */
public final class Fixtures {
    private static final Path ROOT = Path.of("src", "test", "resources", "fixtures");

    private Fixtures() {}

    public static Path file(String folder, String name) {
        return ROOT.resolve(folder).resolve(name);
    }

    /** {@code case.safetensors} of a folder, in the current scope. */
    public static Map<String, Tensor> load(String folder) {
        return Pretrained.tensors(file(folder, "case.safetensors"));
    }
}
