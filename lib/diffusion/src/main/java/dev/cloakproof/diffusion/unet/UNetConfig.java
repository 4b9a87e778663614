package dev.cloakproof.diffusion.unet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.ConfigFile;
import java.util.Collections;
import java.util.List;

/**
 * The shape of a {@code UNet2DConditionModel} (diffusers, {@code unet_2d_condition.py}). Lists have one entry for each
 * resolution, the finest first.
 *
 * @param sampleSize height and width of the latents that it was trained on, 0 where the file does not say
 * @param channels feature channels
 * @param attention whether a level has cross-attention (CrossAttnDownBlock2D)
 * @param layers residual blocks on the way down; one more on the way up
 * @param heads attention heads, which the published configurations call {@code attention_head_dim}
 * @param onlyCross whether the first attention of a level's transformer blocks reads the text too
 * @param midOnlyCross the same for the middle block
 * @param contextWidth width of the text encoder's vectors
 * @param linearProjection whether transformers project tokens (SD2) instead of feature maps (SD1)
 * @param transformerLayers transformer blocks in one spatial transformer
 * @param classes rows of the class embedding, 0 for none (the x4 upscaler's noise level)
 */
public record UNetConfig(
        int inChannels,
        int outChannels,
        int sampleSize,
        List<Integer> channels,
        List<Boolean> attention,
        int layers,
        List<Integer> heads,
        List<Boolean> onlyCross,
        boolean midOnlyCross,
        int contextWidth,
        boolean linearProjection,
        int transformerLayers,
        int classes,
        int groups,
        double eps) {

    private static final String CLASS = "UNet2DConditionModel";
    private static final String DOWN = "DownBlock2D";
    private static final String CROSS_DOWN = "CrossAttnDownBlock2D";
    private static final String UP = "UpBlock2D";
    private static final String CROSS_UP = "CrossAttnUpBlock2D";

    public UNetConfig {
        channels = List.copyOf(channels);
        attention = List.copyOf(attention);
        heads = List.copyOf(heads);
        onlyCross = List.copyOf(onlyCross);
    }

    public static UNetConfig of(ConfigFile file) {
        refuseWhatIsNotBuilt(file);
        List<Integer> channels = file.sizes("block_out_channels", List.of(320, 640, 1280, 1280));
        int levels = channels.size();
        List<Boolean> attention = downAttention(file, levels);
        List<Integer> heads = heads(file, levels);
        int groups = file.size("norm_num_groups", 32);
        for (int i = 0; i < levels; i++) {
            file.check(channels.get(i) % groups == 0, "block_out_channels", "multiples of norm_num_groups " + groups);
            file.check(
                    channels.get(i) % heads.get(i) == 0,
                    "attention_head_dim",
                    "divisors of " + channels + ", by level");
        }
        boolean each = file.isList("only_cross_attention");
        List<Boolean> onlyCross = each
                ? file.flags("only_cross_attention", null)
                : Collections.nCopies(levels, file.flag("only_cross_attention", false));
        file.check(onlyCross.size() == levels, "only_cross_attention", "one entry for each of " + levels + " levels");
        return new UNetConfig(
                file.size("in_channels", 4),
                file.size("out_channels", 4),
                file.count("sample_size", 0),
                channels,
                attention,
                file.size("layers_per_block", 2),
                heads,
                onlyCross,
                file.flag("mid_block_only_cross_attention", !each && onlyCross.getFirst()),
                file.size("cross_attention_dim", 1280),
                file.flag("use_linear_projection", false),
                file.size("transformer_layers_per_block", 1),
                file.count("num_class_embeds", 0),
                groups,
                file.number("norm_eps", 1e-5));
    }

    /** What {@link #of} reads back, and the Python library. */
    public ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("_class_name", CLASS);
        node.put("act_fn", "silu");
        node.put("in_channels", inChannels);
        node.put("out_channels", outChannels);
        if (sampleSize > 0) {
            node.put("sample_size", sampleSize);
        }
        channels.forEach(node.putArray("block_out_channels")::add);
        attention.forEach(crossed -> node.withArray("down_block_types").add(crossed ? CROSS_DOWN : DOWN));
        attention.reversed().forEach(crossed -> node.withArray("up_block_types").add(crossed ? CROSS_UP : UP));
        node.put("layers_per_block", layers);
        heads.forEach(node.putArray("attention_head_dim")::add);
        onlyCross.forEach(node.putArray("only_cross_attention")::add);
        node.put("mid_block_only_cross_attention", midOnlyCross);
        node.put("cross_attention_dim", contextWidth);
        node.put("use_linear_projection", linearProjection);
        node.put("transformer_layers_per_block", transformerLayers);
        if (classes > 0) {
            node.put("num_class_embeds", classes);
        }
        node.put("norm_num_groups", groups);
        node.put("norm_eps", eps);
        return node;
    }

    /** The coarsest level's index. */
    public int last() {
        return channels.size() - 1;
    }

    /** Width of the time embedding. */
    public int timeWidth() {
        return 4 * channels.getFirst();
    }

    private static List<Boolean> downAttention(ConfigFile file, int levels) {
        List<String> down = file.texts("down_block_types", List.of(CROSS_DOWN, CROSS_DOWN, CROSS_DOWN, DOWN));
        List<String> up = file.texts("up_block_types", List.of(UP, CROSS_UP, CROSS_UP, CROSS_UP));
        file.check(down.size() == levels, "down_block_types", "one entry for each of " + levels + " levels");
        file.check(List.of(DOWN, CROSS_DOWN).containsAll(down), "down_block_types", "of " + DOWN + ", " + CROSS_DOWN);
        List<Boolean> attention = down.stream().map(CROSS_DOWN::equals).toList();
        List<String> mirrored = attention.reversed().stream()
                .map(crossed -> crossed ? CROSS_UP : UP)
                .toList();
        file.check(up.equals(mirrored), "up_block_types", "the mirror of down_block_types, " + mirrored);
        return attention;
    }

    private static List<Integer> heads(ConfigFile file, int levels) {
        String key = file.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
        List<Integer> heads = file.isList(key) ? file.sizes(key, null) : Collections.nCopies(levels, file.size(key, 8));
        file.check(heads.size() == levels, key, "one entry for each of " + levels + " levels");
        return heads;
    }

    /** {@code upcast_attention} is not among them: attention adds up in float32 here in every mode. */
    private static void refuseWhatIsNotBuilt(ConfigFile file) {
        file.oneOf("_class_name", CLASS);
        file.oneOf("act_fn", "silu");
        file.oneOf("time_embedding_type", "positional");
        file.oneOf("mid_block_type", "UNetMidBlock2DCrossAttn");
        file.oneOf("resnet_time_scale_shift", "default");
        file.oneOf("attention_type", "default");
        file.only("flip_sin_to_cos", true);
        file.only("freq_shift", 0);
        file.only("center_input_sample", false);
        file.only("downsample_padding", 1);
        file.only("mid_block_scale_factor", 1);
        file.only("dropout", 0);
        file.only("dual_cross_attention", false);
        file.only("conv_in_kernel", 3);
        file.only("conv_out_kernel", 3);
        file.only("class_embeddings_concat", false);
        file.only("resnet_skip_time_act", false);
        file.only("resnet_out_scale_factor", 1);
        for (String absent : List.of(
                "addition_embed_type",
                "class_embed_type",
                "encoder_hid_dim",
                "encoder_hid_dim_type",
                "projection_class_embeddings_input_dim",
                "reverse_transformer_layers_per_block",
                "time_cond_proj_dim",
                "time_embedding_act_fn",
                "time_embedding_dim",
                "timestep_post_act",
                "cross_attention_norm")) {
            file.only(absent, null);
        }
    }
}
