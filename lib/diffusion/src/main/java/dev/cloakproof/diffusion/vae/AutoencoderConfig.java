package dev.cloakproof.diffusion.vae;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.ConfigFile;
import java.util.Collections;
import java.util.List;

/**
 * The shape of an {@code AutoencoderKL} (diffusers, {@code autoencoder_kl.py}).
 *
 * @param channels feature channels by resolution, the finest first; each but the last halves height and width
 * @param layers residual blocks of a level of the encoder; the decoder has one more
 * @param scalingFactor latents are multiplied by this before diffusion: 0.18215 for f8, 0.08333 for the upscaler's f4
 */
public record AutoencoderConfig(
        int inChannels,
        int outChannels,
        int latentChannels,
        List<Integer> channels,
        int layers,
        int groups,
        double scalingFactor) {

    private static final String CLASS = "AutoencoderKL";
    private static final String DOWN = "DownEncoderBlock2D";
    private static final String UP = "UpDecoderBlock2D";

    public AutoencoderConfig {
        channels = List.copyOf(channels);
    }

    public static AutoencoderConfig of(ConfigFile file) {
        file.oneOf("_class_name", CLASS);
        file.oneOf("act_fn", "silu");
        file.only("latents_mean", null);
        file.only("latents_std", null);
        file.only("shift_factor", null);
        file.only("use_quant_conv", true);
        file.only("use_post_quant_conv", true);
        file.only("mid_block_add_attention", true);
        List<Integer> channels = file.sizes("block_out_channels", List.of(64));
        int levels = channels.size();
        file.only("down_block_types", Collections.nCopies(levels, DOWN));
        file.only("up_block_types", Collections.nCopies(levels, UP));
        int groups = file.size("norm_num_groups", 32);
        for (int width : channels) {
            file.check(width % groups == 0, "block_out_channels", "multiples of norm_num_groups " + groups);
        }
        return new AutoencoderConfig(
                file.size("in_channels", 3),
                file.size("out_channels", 3),
                file.size("latent_channels", 4),
                channels,
                file.size("layers_per_block", 1),
                groups,
                file.number("scaling_factor", 0.18215));
    }

    /** What {@link #of} reads back, and the Python library. */
    public ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("_class_name", CLASS);
        node.put("act_fn", "silu");
        node.put("in_channels", inChannels);
        node.put("out_channels", outChannels);
        node.put("latent_channels", latentChannels);
        channels.forEach(node.putArray("block_out_channels")::add);
        channels.forEach(_ -> node.withArray("down_block_types").add(DOWN));
        channels.forEach(_ -> node.withArray("up_block_types").add(UP));
        node.put("layers_per_block", layers);
        node.put("norm_num_groups", groups);
        node.put("scaling_factor", scalingFactor);
        return node;
    }

    /** The same shape with another factor. */
    public AutoencoderConfig withScalingFactor(double factor) {
        return new AutoencoderConfig(inChannels, outChannels, latentChannels, channels, layers, groups, factor);
    }

    /** How many pixels one latent stands for, in each direction: 8 for four levels, 4 for three. */
    public int factor() {
        return 1 << (channels.size() - 1);
    }
}
