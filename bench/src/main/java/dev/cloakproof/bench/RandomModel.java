package dev.cloakproof.bench;

import dev.cloakproof.diffusion.ConfigFile;
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
    private static final String MIDDLE_UNET = """
            {
              "_class_name": "UNet2DConditionModel",
              "attention_head_dim": [2, 4, 8, 8],
              "block_out_channels": [112, 224, 448, 448],
              "cross_attention_dim": 512,
              "down_block_types":
                ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
              "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
              "layers_per_block": 2,
              "norm_num_groups": 16,
              "sample_size": 32,
              "use_linear_projection": true
            }
            """;

    private static final String MIDDLE_TEXT = """
            {
              "architectures": ["CLIPTextModel"],
              "model_type": "clip_text_model",
              "hidden_act": "gelu",
              "hidden_size": 512,
              "intermediate_size": 2048,
              "num_attention_heads": 8,
              "num_hidden_layers": 6,
              "vocab_size": 49408
            }
            """;

    private RandomModel() {}

    /** Writes what is not there yet of {@code unet}, {@code vae} and {@code text_encoder}: 5.2 GB for SD2.1-base. */
    static void write(PublishedConfigs model, Path folder) throws IOException {
        writePictureParts(model, folder);
        write(
                model,
                folder,
                "text_encoder",
                "model",
                p -> new ClipTextEncoder(ClipTextConfig.of(model.config("text_encoder")), p));
    }

    /** Writes {@code unet} and {@code vae}, which is what enlarging a picture takes its time for. */
    static void writePictureParts(PublishedConfigs model, Path folder) throws IOException {
        write(model, folder, "unet", "diffusion_pytorch_model", p -> new UNet(UNetConfig.of(model.config("unet")), p));
        write(
                model,
                folder,
                "vae",
                "diffusion_pytorch_model",
                p -> new Autoencoder(AutoencoderConfig.of(model.config("vae")), p));
    }

    /** Writes {@code unet} and {@code text_encoder} of SD2.1's form at an eighth of its size: 0.6 GB. */
    static void writeMiddle(Path folder) throws IOException {
        write(
                folder,
                "unet",
                MIDDLE_UNET,
                "diffusion_pytorch_model",
                p -> new UNet(UNetConfig.of(ConfigFile.parse("unet", MIDDLE_UNET)), p));
        write(
                folder,
                "text_encoder",
                MIDDLE_TEXT,
                "model",
                p -> new ClipTextEncoder(ClipTextConfig.of(ConfigFile.parse("text_encoder", MIDDLE_TEXT)), p));
    }

    private static void write(
            PublishedConfigs model, Path folder, String part, String base, Function<Parameters, Network> network)
            throws IOException {
        write(folder, part, model.text(part), base, network);
    }

    private static void write(
            Path folder, String part, String config, String base, Function<Parameters, Network> network)
            throws IOException {
        Path weights = folder.resolve(part).resolve(base + ".safetensors");
        if (Files.exists(weights)) {
            return;
        }
        System.err.println("writing random weights to " + weights);
        Files.createDirectories(weights.getParent());
        Files.writeString(weights.resolveSibling("config.json"), config);
        try (Network drawn = network.apply(Parameters.drawn(Generator.seeded(0)))) {
            Pretrained.save(weights, drawn, Map.of("format", "pt"));
        }
    }
}
