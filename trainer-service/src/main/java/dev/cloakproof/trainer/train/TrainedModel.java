package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.pipeline.LoraWeights;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes what was trained as the Python library reads it: a whole model's folder, or {@value LoraWeights#FILE} for
 * {@code load_lora_weights}.
 */
final class TrainedModel {
    /** What a model has beside what is trained; present or not. */
    private static final List<String> AS_IT_WAS =
            List.of("model_index.json", "scheduler", "tokenizer", "vae", "feature_extractor");

    private TrainedModel() {}

    /**
     * @param trained the parameters to keep, by the names of {@link Trainables}
     * @param metadata goes into every file written
     * @throws TrainingException with {@link Reason#CANNOT_SAVE}; what stood at {@code target} is untouched
     */
    static void save(
            Path target,
            DiffusionModel model,
            TrainingSpec spec,
            Map<String, Tensor> trained,
            Map<String, String> metadata) {
        Map<String, String> entries = new LinkedHashMap<>(metadata);
        entries.put("format", "pt");
        try {
            Checkpoints.replaceFolder(target, folder -> {
                if (spec.lora().isPresent()) {
                    saveLora(folder, trained, spec.lora().get(), entries);
                } else {
                    saveWhole(folder, model, trained, entries);
                }
            });
        } catch (IOException | RuntimeException e) {
            throw new TrainingException(
                    Reason.CANNOT_SAVE, "the trained model cannot be written to " + target + ": " + e.getMessage(), e);
        }
    }

    private static void saveWhole(
            Path folder, DiffusionModel model, Map<String, Tensor> trained, Map<String, String> metadata)
            throws IOException {
        for (String name : AS_IT_WAS) {
            copy(model.folder().resolve(name), folder.resolve(name));
        }
        for (String part : List.of("unet", "text_encoder")) {
            Files.createDirectory(folder.resolve(part));
            copy(
                    model.folder().resolve(part).resolve("config.json"),
                    folder.resolve(part).resolve("config.json"));
        }
        Pretrained.save(
                folder.resolve("unet").resolve("diffusion_pytorch_model.safetensors"),
                merged(model.unet().parameters().all(), trained, Trainables.UNET),
                metadata);
        Pretrained.save(
                folder.resolve("text_encoder").resolve("model.safetensors"),
                merged(model.encoder().parameters().all(), trained, Trainables.ENCODER),
                metadata);
    }

    private static Map<String, Tensor> merged(Map<String, Tensor> base, Map<String, Tensor> trained, String prefix) {
        Map<String, Tensor> merged = new LinkedHashMap<>();
        base.forEach((name, tensor) -> merged.put(name, trained.getOrDefault(prefix + name, tensor)));
        return merged;
    }

    /**
     * The names that {@code save_lora_weights} writes. The scale alpha / rank goes into the upper matrix: readers take
     * alpha for the rank where the file does not say, and not all of them read what it says.
     */
    private static void saveLora(
            Path folder, Map<String, Tensor> trained, LoraSpec lora, Map<String, String> metadata) {
        try (var _ = Scope.open()) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            trained.forEach((name, tensor) -> {
                String key = name.startsWith(Trainables.ENCODER) ? name.replace(".lora.", ".lora_linear_layer.") : name;
                Tensor stored = tensor;
                if (name.endsWith(Trainables.UP)) {
                    stored = tensor.copy();
                    InPlace.scale(List.of(stored), lora.scale());
                }
                named.put(key + ".weight", stored);
            });
            Pretrained.save(folder.resolve(LoraWeights.FILE), named, metadata);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
