package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.text.ClipTextConfig;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import dev.cloakproof.vision.restore.CodeFormerConfig;
import java.util.Collections;
import java.util.List;

/**
 * How large everything is.
 *
 * @param side of all pictures in pixels
 * @param batch pictures of a step, multiplied where a lesson's pictures are cheap
 * @param latents channels of the autoencoder's latents; 12 x 12 of them stand for 96 pixels
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
        CodeFormerConfig restorer) {
    /** Noise levels that the upscaler knows: 0 to 350, as {@code Upscaler} accepts. */
    private static final int LEVELS = 351;

    /** Channels of the upscaler's latents, and how much of the picture's side they have. */
    private static final int UPSCALER_LATENTS = 4;

    private static final int HEAD = 32;

    /** The pack that ships. */
    static final Shapes MINI = new Shapes(
            96,
            8,
            8,
            128,
            List.of(16, 32, 64, 128),
            4,
            List.of(64, 96, 128),
            List.of(32, 64, 96),
            16,
            new CodeFormerConfig(96, 16, List.of(1, 2, 4, 6), 4, 1, 12, 512, 64, 128, 3, 4, List.of(24, 48)));

    /** As small as the classes allow: for finding out in seconds whether everything learns. */
    static final Shapes SMOKE = new Shapes(
            32,
            2,
            4,
            32,
            List.of(8, 8, 16, 16),
            4,
            List.of(32, 32),
            List.of(32, 32),
            8,
            new CodeFormerConfig(32, 8, List.of(1, 1, 2), 4, 1, 8, 16, 8, 16, 1, 2, List.of(16)));

    AutoencoderConfig autoencoderConfig() {
        return new AutoencoderConfig(3, 3, latents, autoencoder, 1, autoencoderGroups, 1);
    }

    AutoencoderConfig upscalerAutoencoderConfig() {
        return new AutoencoderConfig(3, 3, UPSCALER_LATENTS, autoencoder.subList(0, 3), 1, autoencoderGroups, 1);
    }

    UNetConfig unetConfig() {
        return unetConfig(
                latents, latents, side / autoencoderConfig().factor(), unet, Collections.nCopies(unet.size(), true), 0);
    }

    /** Reads the small picture beside the latents; looks at the text at all but the finest level, as the published one. */
    UNetConfig upscalerUnetConfig() {
        List<Boolean> attention = new java.util.ArrayList<>(Collections.nCopies(upscalerUnet.size(), true));
        attention.set(0, false);
        return unetConfig(
                UPSCALER_LATENTS + 3,
                UPSCALER_LATENTS,
                side / upscalerAutoencoderConfig().factor(),
                upscalerUnet,
                attention,
                LEVELS);
    }

    private UNetConfig unetConfig(
            int in, int out, int sampleSize, List<Integer> channels, List<Boolean> attention, int classes) {
        return new UNetConfig(
                in,
                out,
                sampleSize,
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
