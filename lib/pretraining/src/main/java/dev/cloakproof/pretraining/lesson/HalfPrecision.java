package dev.cloakproof.pretraining.lesson;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How packs hold weights: matrices and kernels in float16; the few numbers of norms and biases stay as they are. */
public final class HalfPrecision {
    private HalfPrecision() {}

    /** Writes a safetensors file, and the folders above it. */
    public static void save(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Files.createDirectories(file.getParent());
        Map<String, String> header = new LinkedHashMap<>(metadata);
        header.put("format", "pt");
        try (var _ = Scope.open()) {
            Map<String, Tensor> stored = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> stored.put(name, tensor.rank() > 1 ? tensor.to(DType.F16) : tensor));
            Pretrained.save(file, stored, header);
        }
    }
}
