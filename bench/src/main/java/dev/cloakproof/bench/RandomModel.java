package dev.cloakproof.bench;

import dev.cloakproof.diffusion.PublishedConfigs;
import dev.cloakproof.diffusion.text.ClipTextConfig;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * A Hugging Face folder of a published model's size with random weights: speed does not depend on the values, and the
 * real ones may not be passed on.
 */
final class RandomModel {
    private RandomModel() {}

    /** Writes what is not there yet of {@code unet}, {@code vae} and {@code text_encoder}: 5.2 GB for SD2.1-base. */
    static void write(PublishedConfigs model, Path folder) throws IOException {
        write(model, folder, "unet", "diffusion_pytorch_model", p -> new UNet(UNetConfig.of(model.config("unet")), p));
        write(
                model,
                folder,
                "vae",
                "diffusion_pytorch_model",
                p -> new Autoencoder(AutoencoderConfig.of(model.config("vae")), p));
        write(
                model,
                folder,
                "text_encoder",
                "model",
                p -> new ClipTextEncoder(ClipTextConfig.of(model.config("text_encoder")), p));
    }

    private static void write(
            PublishedConfigs model, Path folder, String part, String base, Function<Parameters, Network> network)
            throws IOException {
        Path weights = folder.resolve(part).resolve(base + ".safetensors");
        if (Files.exists(weights)) {
            return;
        }
        System.err.println("writing random weights to " + weights);
        Files.createDirectories(weights.getParent());
        Files.writeString(weights.resolveSibling("config.json"), model.text(part));
        try (Network drawn = network.apply(Parameters.drawn(Generator.seeded(0)))) {
            Pretrained.save(weights, drawn, Map.of("format", "pt"));
        }
    }
}
