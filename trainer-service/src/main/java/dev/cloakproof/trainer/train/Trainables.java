package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.LowRank;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a run changes, by name: all parameters of the networks, or the low-rank matrices beside their attention layers.
 * Names begin with {@code unet.} or {@code text_encoder.}.
 */
public final class Trainables implements AutoCloseable {
    static final String UNET = "unet.";
    static final String ENCODER = "text_encoder.";
    static final String DOWN = ".lora.down";
    static final String UP = ".lora.up";

    /** The attention layers that every LoRA script adapts, in the UNet and in the text encoder. */
    private static final List<String> ATTENTION = List.of(
            ".to_q",
            ".to_k",
            ".to_v",
            ".to_out.0",
            ".self_attn.q_proj",
            ".self_attn.k_proj",
            ".self_attn.v_proj",
            ".self_attn.out_proj");

    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Scope scope = Scope.unbound();

    private Trainables(DiffusionModel model, boolean textEncoder) {
        networks.put(UNET, model.unet());
        if (textEncoder) {
            networks.put(ENCODER, model.encoder());
        }
        // Without gradients for what is not trained, its activations need not be kept.
        model.unet().parameters().require(false);
        model.encoder().parameters().require(false);
    }

    public static Trainables of(DiffusionModel model, TrainingSpec spec) {
        return spec.lora()
                .map(lora -> lowRank(model, spec.textEncoder(), lora, spec.seed()))
                .orElseGet(() -> full(model, spec.textEncoder()));
    }

    /** Every parameter of the UNet, and of the text encoder if it is trained. */
    public static Trainables full(DiffusionModel model, boolean textEncoder) {
        var all = new Trainables(model, textEncoder);
        all.networks.forEach((prefix, network) ->
                network.parameters().all().forEach((name, tensor) -> all.tensors.put(prefix + name, tensor)));
        all.tensors.values().forEach(tensor -> Autograd.require(tensor, true));
        return all;
    }

    /**
     * New low-rank matrices beside the attention layers: down normal with deviation 1 / rank, up zero, as diffusers'
     * DreamBooth script begins ({@code init_lora_weights="gaussian"}).
     */
    public static Trainables lowRank(DiffusionModel model, boolean textEncoder, LoraSpec lora, long seed) {
        var all = new Trainables(model, textEncoder);
        long index = 0;
        for (Map.Entry<String, Network> entry : all.networks.entrySet()) {
            Parameters parameters = entry.getValue().parameters();
            for (String layer : attentionLayers(parameters)) {
                Tensor weight = parameters.all().get(layer + ".weight");
                try (var _ = Scope.open()) {
                    Tensor down = RandomStream.LORA
                            .at(seed, index++)
                            .normal(lora.rank(), weight.size(1))
                            .div(lora.rank());
                    Tensor up = Tensor.full(0, DType.F32, weight.size(0), lora.rank());
                    LowRank adapter = new LowRank(
                            all.scope.take(down.to(weight.device())),
                            all.scope.take(up.to(weight.device())),
                            lora.scale());
                    parameters.adapt(layer, adapter);
                    all.tensors.put(entry.getKey() + layer + DOWN, adapter.down());
                    all.tensors.put(entry.getKey() + layer + UP, adapter.up());
                }
            }
        }
        all.tensors.values().forEach(tensor -> Autograd.require(tensor, true));
        return all;
    }

    /** In alphabetical order. */
    static TreeSet<String> attentionLayers(Parameters parameters) {
        return parameters.all().keySet().stream()
                .filter(name -> name.endsWith(".weight"))
                .map(name -> name.substring(0, name.length() - ".weight".length()))
                .filter(layer -> ATTENTION.stream().anyMatch(layer::endsWith))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** In the optimizer's order: the UNet's, then the text encoder's. */
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    boolean textEncoder() {
        return networks.containsKey(ENCODER);
    }

    /** Takes adapters away again and frees them; a network's own parameters stay. */
    @Override
    public void close() {
        tensors.keySet().stream()
                .filter(name -> name.endsWith(DOWN))
                .forEach(name -> networks.forEach((prefix, network) -> {
                    if (name.startsWith(prefix)) {
                        network.parameters()
                                .adapt(name.substring(prefix.length(), name.length() - DOWN.length()), null);
                    }
                }));
        scope.close();
    }
}
