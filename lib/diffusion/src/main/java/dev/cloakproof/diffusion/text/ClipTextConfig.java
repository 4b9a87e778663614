package dev.cloakproof.diffusion.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.ConfigFile;

/**
 * The shape of a CLIP text encoder (transformers, {@code configuration_clip.py}).
 *
 * @param hiddenSize width of a token's vector
 * @param intermediateSize width inside the perceptron of a layer
 * @param positions the longest prompt in tokens, 77 in every published model
 * @param quickGelu whether the activation is x * sigmoid(1.702 x) (OpenAI, SD1) instead of GELU (OpenCLIP, SD2)
 */
public record ClipTextConfig(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int positions,
        boolean quickGelu,
        double layerNormEps) {

    public static ClipTextConfig of(ConfigFile file) {
        int heads = file.size("num_attention_heads", 8);
        int hidden = file.size("hidden_size", 512);
        file.check(hidden % heads == 0, "hidden_size", "a multiple of num_attention_heads " + heads);
        return new ClipTextConfig(
                file.size("vocab_size", 49408),
                hidden,
                file.size("intermediate_size", 2048),
                file.size("num_hidden_layers", 12),
                heads,
                file.size("max_position_embeddings", 77),
                file.oneOf("hidden_act", "quick_gelu", "gelu").equals("quick_gelu"),
                file.number("layer_norm_eps", 1e-5));
    }

    /** What {@link #of} reads back, and the Python library. */
    public ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putArray("architectures").add("CLIPTextModel");
        node.put("model_type", "clip_text_model");
        node.put("vocab_size", vocabularySize);
        node.put("hidden_size", hiddenSize);
        node.put("intermediate_size", intermediateSize);
        node.put("num_hidden_layers", layers);
        node.put("num_attention_heads", heads);
        node.put("max_position_embeddings", positions);
        node.put("hidden_act", quickGelu ? "quick_gelu" : "gelu");
        node.put("layer_norm_eps", layerNormEps);
        return node;
    }
}
