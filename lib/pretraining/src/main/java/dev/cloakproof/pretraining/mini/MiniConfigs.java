package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import java.util.List;

/** The shapes of the mini pack's networks. */
final class MiniConfigs {
    /** Side of the pack's pictures in pixels. */
    static final int SIDE = 96;

    /** Latents of 12 x 12 with 8 channels. */
    static final AutoencoderConfig AUTOENCODER = new AutoencoderConfig(3, 3, 8, List.of(24, 48, 96, 128), 1, 8, 1);

    private MiniConfigs() {}
}
