package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.LowRank;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Low-rank adapters of a file in the names of diffusers ({@code load_lora_weights}), beside the attention layers of a
 * model. Their scale is alpha / rank = 1, as readers take it where a file does not say. The model must not be closed
 * before.
 */
public final class LoraWeights implements AutoCloseable {
    /** What diffusers calls the file in a folder. */
    public static final String FILE = "pytorch_lora_weights.safetensors";

    private static final String UNET = "unet.";
    private static final String ENCODER = "text_encoder.";
    private static final String DOWN = ".down.weight";

    private final StableDiffusion model;
    private final Scope scope = Scope.unbound();
    private final Map<String, LowRank> adapters = new LinkedHashMap<>();

    private LoraWeights(StableDiffusion model) {
        this.model = model;
    }

    /**
     * @return the adapters, for this model alone; closing takes them away again
     * @throws IllegalArgumentException if the file is of another layout or model
     */
    public static LoraWeights load(Path file, StableDiffusion model) {
        var weights = new LoraWeights(model);
        try (var _ = Scope.open()) {
            Map<String, Tensor> stored = new LinkedHashMap<>();
            Pretrained.tensors(file)
                    .forEach((name, tensor) -> stored.put(name.replace(".lora_linear_layer.", ".lora."), tensor));
            for (String name : stored.keySet()) {
                if (name.endsWith(".lora" + DOWN)) {
                    weights.adapt(name.substring(0, name.length() - (".lora" + DOWN).length()), stored);
                }
            }
            if (weights.adapters.size() * 2 != stored.size() || stored.isEmpty()) {
                throw new IllegalArgumentException("expected pairs of lora.down and lora.up, found " + stored.keySet());
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            if (e instanceof IllegalArgumentException) {
                throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private void adapt(String layer, Map<String, Tensor> stored) {
        Tensor down = stored.get(layer + ".lora.down.weight");
        Tensor up = stored.get(layer + ".lora.up.weight");
        if (up == null) {
            throw new IllegalArgumentException("'" + layer + "' has a lora.down and no lora.up");
        }
        Network network = network(layer);
        DType dtype = network.dtype();
        var adapter = new LowRank(
                scope.take(down.to(network.device()).to(dtype).copy()),
                scope.take(up.to(network.device()).to(dtype).copy()),
                1);
        network.parameters().adapt(within(layer), adapter);
        adapters.put(layer, adapter);
    }

    private Network network(String layer) {
        if (layer.startsWith(UNET)) {
            return model.unet();
        }
        if (layer.startsWith(ENCODER)) {
            return model.textEncoder();
        }
        throw new IllegalArgumentException("expected layers of unet or text_encoder, found '" + layer + "'");
    }

    /** The layer's name in its network. Some writers leave out the text encoder's first part. */
    private static String within(String layer) {
        String name = layer.substring(layer.indexOf('.') + 1);
        return layer.startsWith(ENCODER) && name.startsWith("encoder.") ? "text_model." + name : name;
    }

    /** How many layers are adapted. */
    public int layers() {
        return adapters.size();
    }

    @Override
    public void close() {
        adapters.keySet().forEach(layer -> network(layer).parameters().adapt(within(layer), null));
        scope.close();
    }
}
