package dev.cloakproof.diffusion.vae;

import dev.cloakproof.diffusion.ComponentFolder;
import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The variational autoencoder of latent diffusion (Rombach et al. 2022; diffusers, {@code AutoencoderKL}): pictures to
 * latents of an eighth (or a fourth) of their height and width, and back.
 */
public final class Autoencoder extends Network {
    /** Of every normalisation here. */
    static final double EPS = 1e-6;

    /** Attention layers have had other names in published files. */
    private static final Map<String, String> OLD_NAMES = Map.of(
            ".query.", ".to_q.",
            ".key.", ".to_k.",
            ".value.", ".to_v.",
            ".proj_attn.", ".to_out.0.");

    private final AutoencoderConfig config;
    private final Encoder encoder;
    private final Conv2d quant;
    private final Conv2d postQuant;
    private final Decoder decoder;

    public Autoencoder(AutoencoderConfig config, Parameters p) {
        super(p);
        this.config = config;
        encoder = new Encoder(p.at("encoder"), config);
        decoder = new Decoder(p.at("decoder"), config);
        int latent = config.latentChannels();
        quant = new Conv2d(p.at("quant_conv"), 2L * latent, 2L * latent, 1);
        postQuant = new Conv2d(p.at("post_quant_conv"), latent, latent, 1);
    }

    /** Loads a {@code vae} folder of a published model. */
    public static Autoencoder load(Path folder, Placement placement) {
        AutoencoderConfig config = AutoencoderConfig.of(ConfigFile.read(folder.resolve("config.json")));
        return Pretrained.load(
                Pretrained.file(folder, "diffusion_pytorch_model"),
                Autoencoder::parameter,
                placement,
                p -> new Autoencoder(config, p));
    }

    private static Optional<String> parameter(String key) {
        if (key.contains(".attentions.")) {
            for (Map.Entry<String, String> name : OLD_NAMES.entrySet()) {
                key = key.replace(name.getKey(), name.getValue());
            }
        }
        return Optional.of(key);
    }

    public AutoencoderConfig config() {
        return config;
    }

    /**
     * Writes configuration and weights into a folder that the Python library opens.
     *
     * @param metadata strings for the header of the weights file
     */
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        ComponentFolder.write(folder, config.toJson(), "diffusion_pytorch_model", this, metadata);
    }

    /**
     * @param pixels (batch, 3, height, width) in [-1, 1], sides multiples of {@link AutoencoderConfig#factor}
     * @return the distribution of the latents, not yet multiplied by the scaling factor
     */
    public Posterior encode(Tensor pixels) {
        return encode(pixels, Segments.DIRECT);
    }

    public Posterior encode(Tensor pixels, Segments segments) {
        int f = config.factor();
        if (pixels.rank() != 4
                || pixels.size(1) != config.inChannels()
                || pixels.size(2) % f != 0
                || pixels.size(3) % f != 0) {
            throw new IllegalArgumentException("pixels: expected (batch, " + config.inChannels()
                    + ", height, width) with sides a multiple of " + f + ", found " + pixels);
        }
        Tensor moments = segments.run(List.of(encoder.forward(pixels, segments)), in -> quant.forward(in.getFirst()));
        List<Tensor> halves = moments.chunk(2, 1);
        return new Posterior(halves.get(0), halves.get(1).clamp(-30, 20));
    }

    /**
     * @param latents (batch, latent channels, h, w), divided by the scaling factor
     * @return pixels (batch, 3, f * h, f * w), about [-1, 1], not clamped
     */
    public Tensor decode(Tensor latents) {
        return decode(latents, Segments.DIRECT);
    }

    public Tensor decode(Tensor latents, Segments segments) {
        if (latents.rank() != 4 || latents.size(1) != config.latentChannels()) {
            throw new IllegalArgumentException(
                    "latents: expected (batch, " + config.latentChannels() + ", h, w), found " + latents);
        }
        return decoder.forward(segments.run(List.of(latents), in -> postQuant.forward(in.getFirst())), segments);
    }
}
