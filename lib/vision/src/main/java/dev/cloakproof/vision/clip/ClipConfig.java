package dev.cloakproof.vision.clip;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.weights.TensorEntry;
import java.util.Map;

/**
 * The shape of a CLIP with a vision transformer. OpenAI's heads are 64 wide, in pictures and in text.
 *
 * @param size side of the picture in pixels
 * @param patch side of a patch
 * @param width of a patch's vector
 * @param embedding width of the common space
 * @param vocabulary tokens, of which the highest ends a text
 * @param positions the longest text in tokens
 * @param textWidth of a token's vector
 */
public record ClipConfig(
        int size,
        int patch,
        int width,
        int layers,
        int heads,
        int embedding,
        int vocabulary,
        int positions,
        int textWidth,
        int textLayers,
        int textHeads) {
    private static final int HEAD_WIDTH = 64;

    /** OpenAI's {@code ViT-B/32}, which CLIP-IQAC and LIQE use. */
    public static final ClipConfig VIT_B32 = new ClipConfig(224, 32, 768, 12, 12, 512, 49408, 77, 512, 12, 8);

    /** Reads the shape off a checkpoint. */
    static ClipConfig of(Map<String, TensorEntry> entries, ClipNames names) {
        int width = size(entries, names.patches() + ".weight", 0);
        int patch = size(entries, names.patches() + ".weight", 3);
        int grid = (int) Math.round(Math.sqrt(size(entries, names.positions(), 0) - 1));
        int textWidth = size(entries, names.tokens(), 1);
        return new ClipConfig(
                grid * patch,
                patch,
                width,
                ClipNames.layers(entries.keySet(), names.vision()),
                Math.max(1, width / HEAD_WIDTH),
                size(entries, names.textProjection(), names.transposed() ? 0 : 1),
                size(entries, names.tokens(), 0),
                size(entries, names.textPositions(), 0),
                textWidth,
                ClipNames.layers(entries.keySet(), names.text()),
                Math.max(1, textWidth / HEAD_WIDTH));
    }

    private static int size(Map<String, TensorEntry> entries, String name, int dimension) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("not a CLIP with a vision transformer: no tensor '" + name + "'");
        }
        return Math.toIntExact(entry.shape().get(dimension));
    }

    /**
     * The {@code config.json} of a Hugging Face folder; {@link Clip#load} needs none.
     *
     * @param begin the id that starts a text
     */
    public ObjectNode toJson(int begin) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putArray("architectures").add("CLIPModel");
        root.put("model_type", "clip").put("projection_dim", embedding);
        ObjectNode text = tower(root.putObject("text_config"), textWidth, textLayers, textHeads);
        text.put("model_type", "clip_text_model").put("vocab_size", vocabulary);
        text.put("max_position_embeddings", positions).put("bos_token_id", begin);
        text.put("eos_token_id", vocabulary - 1).put("pad_token_id", vocabulary - 1);
        ObjectNode vision = tower(root.putObject("vision_config"), width, layers, heads);
        vision.put("model_type", "clip_vision_model").put("image_size", size).put("patch_size", patch);
        return root;
    }

    private ObjectNode tower(ObjectNode node, int width, int layers, int heads) {
        node.put("hidden_size", width).put("intermediate_size", 4 * width);
        node.put("num_hidden_layers", layers).put("num_attention_heads", heads);
        return node.put("hidden_act", "quick_gelu").put("projection_dim", embedding);
    }
}
