package dev.cloakproof.diffusion;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.Map;

/** What the Python scripts beside the tests made (src/test/python). */
public final class Fixtures {
    private static final Path ROOT = Path.of("src", "test", "resources", "fixtures");

    private Fixtures() {}

    public static Path folder(String name) {
        return ROOT.resolve(name);
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
