package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code pytorch_lora_weights.safetensors} in the names of diffusers and puts it beside a model's attention layers.
 * The scale is alpha / rank = 1, as readers take it where a file does not say.
 */
public final class LoraFile {
    private LoraFile() {}

    /**
     * @return the adapters, for this model alone; closing takes them away again
     * @throws TrainingException if the file is of another layout or model
     */
    public static Trainables load(Path file, DiffusionModel model) {
        try (var _ = Scope.open()) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            Pretrained.tensors(file).forEach((key, tensor) -> named.put(name(file, key), tensor));
            return Trainables.adapters(model, named);
        } catch (IllegalArgumentException e) {
            throw new TrainingException(Reason.FOREIGN_CHECKPOINT, file + ": " + e.getMessage(), e);
        }
    }

    private static String name(Path file, String key) {
        String name = key.replace(".lora_linear_layer.", ".lora.");
        if (name.startsWith("text_encoder.encoder.")) {
            name = name.replace("text_encoder.encoder.", "text_encoder.text_model.encoder.");
        }
        if (!name.endsWith(Trainables.DOWN + ".weight") && !name.endsWith(Trainables.UP + ".weight")) {
            throw new TrainingException(Reason.FOREIGN_CHECKPOINT, file + ": no LoRA of diffusers has '" + key + "'");
        }
        return name.substring(0, name.length() - ".weight".length());
    }
}
