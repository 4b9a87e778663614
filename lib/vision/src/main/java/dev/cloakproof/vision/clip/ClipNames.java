package dev.cloakproof.vision.clip;

import java.util.Set;

/**
 * What a checkpoint calls CLIP's parameters.
 *
 * @param vision layers of the vision transformer
 * @param text layers of the text transformer
 * @param patches the convolution that makes patches
 * @param transposed whether projections are (embedding, width), as linear layers have them, or (width, embedding)
 */
record ClipNames(
        String vision,
        String text,
        String patches,
        String classToken,
        String positions,
        String normBefore,
        String normAfter,
        String projection,
        String tokens,
        String textPositions,
        String textNorm,
        String textProjection,
        boolean transposed) {

    /** OpenAI's own archives, and LIQE's files. */
    static final ClipNames OPENAI = new ClipNames(
            "visual.transformer.resblocks",
            "transformer.resblocks",
            "visual.conv1",
            "visual.class_embedding",
            "visual.positional_embedding",
            "visual.ln_pre",
            "visual.ln_post",
            "visual.proj",
            "token_embedding.weight",
            "positional_embedding",
            "ln_final",
            "text_projection",
            false);

    /** Hugging Face's folders, with that library's spelling. */
    static final ClipNames HUGGING_FACE = new ClipNames(
            "vision_model.encoder.layers",
            "text_model.encoder.layers",
            "vision_model.embeddings.patch_embedding",
            "vision_model.embeddings.class_embedding",
            "vision_model.embeddings.position_embedding.weight",
            "vision_model.pre_layrnorm",
            "vision_model.post_layernorm",
            "visual_projection.weight",
            "text_model.embeddings.token_embedding.weight",
            "text_model.embeddings.position_embedding.weight",
            "text_model.final_layer_norm",
            "text_projection.weight",
            true);

    static ClipNames of(Set<String> keys) {
        return keys.contains(HUGGING_FACE.positions) ? HUGGING_FACE : OPENAI;
    }

    /** How many layers there are below {@code prefix}. */
    static int layers(Set<String> keys, String prefix) {
        int layers = 0;
        while (anyBelow(keys, prefix + "." + layers + ".")) {
            layers++;
        }
        return layers;
    }

    private static boolean anyBelow(Set<String> keys, String prefix) {
        return keys.stream().anyMatch(key -> key.startsWith(prefix));
    }
}
