package dev.cloakproof.diffusion.guided;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.ConfigFile;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a guided-diffusion network (script_util.py, {@code create_model}) with {@code resblock_updown} and
 * {@code use_scale_shift_norm}, without classes.
 *
 * @param imageSize height and width of the pictures that it was trained on
 * @param channels of the first feature map, even
 * @param multipliers of {@code channels}, one entry for each resolution, the finest first
 * @param blocks residual blocks of a resolution on the way down; one more on the way up
 * @param attention at which resolutions there is attention, each told as the factor by which it is coarser than the
 *     picture: 1, 2, 4, ...
 * @param headChannels of one attention head
 * @param learnSigma whether it predicts, beside the noise, where the variance lies
 * @param groups of a normalisation; 32 in all published networks
 */
public record GuidedUNetConfig(
        int imageSize,
        int channels,
        List<Integer> multipliers,
        int blocks,
        List<Integer> attention,
        int headChannels,
        boolean learnSigma,
        int groups) {
    /** The published {@code 256x256_diffusion_uncond.pt}. */
    public static final GuidedUNetConfig PUBLISHED =
            new GuidedUNetConfig(256, 256, List.of(1, 1, 2, 2, 4, 4), 2, List.of(8, 16, 32), 64, true, 32);

    private static final String TYPE = "guided-diffusion";

    public GuidedUNetConfig {
        multipliers = List.copyOf(multipliers);
        attention = List.copyOf(attention);
    }

    /**
     * @throws dev.cloakproof.diffusion.UnsupportedConfigException if a key is missing, or a value cannot be
     */
    public static GuidedUNetConfig of(ConfigFile file) {
        file.oneOf("model_type", TYPE);
        var config = new GuidedUNetConfig(
                file.size("image_size", null),
                file.size("num_channels", null),
                file.sizes("channel_mult", null),
                file.size("num_res_blocks", null),
                file.sizes("attention_factors", null),
                file.size("num_head_channels", null),
                file.flag("learn_sigma", null),
                file.size("norm_num_groups", null));
        config.check(file);
        return config;
    }

    private void check(ConfigFile file) {
        file.check(!multipliers.isEmpty() && multipliers.size() <= 16, "channel_mult", "1 to 16 entries");
        file.check(imageSize % coarsest() == 0, "image_size", "a multiple of " + coarsest());
        file.check(channels % 2 == 0, "num_channels", "an even number");
        List<Integer> factors = IntStream.range(0, multipliers.size())
                .map(level -> 1 << level)
                .boxed()
                .toList();
        file.check(factors.containsAll(attention), "attention_factors", "of " + factors);
        for (int level = 0; level < multipliers.size(); level++) {
            file.check(width(level) % groups == 0, "norm_num_groups", "a divisor of " + width(level));
            boolean attends = attends(level) || level == multipliers.size() - 1;
            file.check(
                    !attends || width(level) % headChannels == 0, "num_head_channels", "a divisor of " + width(level));
        }
    }

    /** What {@link #of} reads back. */
    public ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("model_type", TYPE);
        node.put("image_size", imageSize);
        node.put("num_channels", channels);
        multipliers.forEach(node.putArray("channel_mult")::add);
        node.put("num_res_blocks", blocks);
        attention.forEach(node.putArray("attention_factors")::add);
        node.put("num_head_channels", headChannels);
        node.put("learn_sigma", learnSigma);
        node.put("norm_num_groups", groups);
        return node;
    }

    /** Feature channels of a resolution, 0 the finest. */
    int width(int level) {
        return channels * multipliers.get(level);
    }

    boolean attends(int level) {
        return attention.contains(1 << level);
    }

    /** The factor of the coarsest resolution. */
    int coarsest() {
        return 1 << (multipliers.size() - 1);
    }

    int timeWidth() {
        return 4 * channels;
    }
}
