package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.guided.GuidedUNetConfig;
import dev.cloakproof.diffusion.text.ClipTextConfig;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.vision.restore.CodeFormerConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How large everything is.
 *
 * @param side of all pictures in pixels
 * @param batch pictures of a step, multiplied where a lesson's pictures are cheap
 * @param latents channels of the autoencoder's latents, of which one stands for 4 x 4 pixels
 * @param textWidth of a token's vector
 */
record Shapes(
        int side,
        int batch,
        int latents,
        int textWidth,
        List<Integer> autoencoder,
        int autoencoderGroups,
        List<Integer> unet,
        List<Integer> upscalerUnet,
        int unetGroups,
        CodeFormerConfig restorer,
        GuidedUNetConfig pixelUnet) {
    /** Noise levels that the upscaler knows: 0 to 350, as {@code Upscaler} accepts. */
    private static final int LEVELS = 351;

    private static final int HEAD = 32;

    private static final Shapes MINI = new Shapes(
            96,
            8,
            4,
            128,
            List.of(24, 48, 64),
            4,
            List.of(64, 96, 128),
            List.of(32, 64, 96),
            8,
            new CodeFormerConfig(96, 16, List.of(1, 2, 4, 6), 4, 1, 12, 512, 64, 128, 3, 4, List.of(24, 48)),
            new GuidedUNetConfig(96, 16, List.of(1, 2, 3, 3), 1, List.of(8), 16, false, 8));

    private static final Shapes SMOKE = new Shapes(
            48,
            2,
            4,
            32,
            List.of(8, 8, 16),
            4,
            List.of(32, 32),
            List.of(32, 32),
            8,
            new CodeFormerConfig(48, 8, List.of(1, 1, 2), 4, 1, 12, 16, 8, 16, 1, 2, List.of(24)),
            new GuidedUNetConfig(48, 8, List.of(1, 1, 2), 1, List.of(4), 8, false, 4));

    static Shapes of(Scale scale) {
        return switch (scale) {
            case MINI -> MINI;
            case SMOKE -> SMOKE;
        };
    }

    AutoencoderConfig autoencoderConfig() {
        return new AutoencoderConfig(3, 3, latents, autoencoder, 1, autoencoderGroups, 1);
    }

    UNetConfig unetConfig() {
        return unetConfig(latents, side, unet, 0);
    }

    /** Reads the small picture beside the latents, which have its sides. */
    UNetConfig upscalerUnetConfig() {
        return unetConfig(latents + 3, UpscalerLesson.LARGE * side, upscalerUnet, LEVELS);
    }

    /** Looks at the text at all levels but the finest, where attention costs most and tells least. */
    private UNetConfig unetConfig(int in, int pictures, List<Integer> channels, int classes) {
        List<Boolean> attention = new ArrayList<>(Collections.nCopies(channels.size(), true));
        attention.set(0, false);
        return new UNetConfig(
                in,
                latents,
                pictures / autoencoderConfig().factor(),
                channels,
                attention,
                1,
                channels.stream().map(width -> width / HEAD).toList(),
                Collections.nCopies(channels.size(), false),
                false,
                textWidth,
                true,
                1,
                classes,
                unetGroups,
                1e-5);
    }

    /** @param vocabulary tokens of the pack's tokenizer */
    ClipTextConfig text(int vocabulary, int layers) {
        return new ClipTextConfig(vocabulary, textWidth, 2 * textWidth, layers, 4, 77, false, 1e-5);
    }
}
