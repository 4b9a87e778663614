package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.weights.Checkpoint;
import dev.cloakproof.vision.block.NetworkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Restores an aligned face by looking up, for each of 16 x 16 positions, the entry of a learned codebook that a
 * transformer takes for right, and generating the face from these (Zhou et al. 2022; sczhou/CodeFormer).
 */
public final class CodeFormer extends Network {
    private final CodeFormerConfig config;
    private final CodeEncoder encoder;
    private final CodeTransformer transformer;
    private final Tensor codebook; // (codes, codeWidth)
    private final CodeGenerator generator;

    /**
     * @param face (batch, 3, size, size), about -1 to 1; not clamped
     * @param logits scores of all codes (batch, positions, codes)
     */
    public record Restored(Tensor face, Tensor logits) {}

    public CodeFormer(CodeFormerConfig config, Parameters root) {
        super(root);
        this.config = config;
        encoder = new CodeEncoder(root.at("encoder"), config);
        transformer = new CodeTransformer(root, config);
        codebook =
                root.at("quantize").at("embedding").get("weight", Init.normal(1), config.codes(), config.codeWidth());
        generator = new CodeGenerator(root.at("generator"), root.at("fuse_convs_dict"), config);
    }

    /** Loads {@code codeformer.pth}, whose weights stand under {@code params_ema}. */
    public static CodeFormer load(Path file, CodeFormerConfig config, Placement placement) {
        Checkpoint checkpoint = Checkpoint.open(file);
        try {
            return Pretrained.load(
                    checkpoint,
                    checkpoint.under("params_ema"),
                    Pretrained.Names.SAME,
                    placement,
                    p -> new CodeFormer(config, p),
                    file.toString());
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    /** Loads a folder as {@link #save} writes it. */
    public static CodeFormer load(Path folder, Placement placement) {
        return NetworkFolder.load(folder, CodeFormerConfig.class, placement, CodeFormer::new);
    }

    /**
     * Writes shape and weights into a folder.
     *
     * @param metadata strings for the header of the weights file
     */
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        NetworkFolder.writeConfig(folder, "codeformer", config);
        Pretrained.save(folder.resolve("model.safetensors"), this, metadata);
    }

    public CodeFormerConfig config() {
        return config;
    }

    /**
     * What the encoder makes of a face.
     *
     * @param latent (batch, codeWidth, side, side)
     * @param features by side, what can be fused into the generator; none unless asked for
     */
    public record Encoded(Tensor latent, Map<Integer, Tensor> features) {}

    /**
     * @param face RGB (batch, 3, size, size), -1 to 1
     * @param fidelity 0 for the best quality to 1 for the most faithful (w in the paper)
     * @param adapt whether the codes take the mean and spread of the input's latent map, channel by channel (AdaIN)
     */
    public Restored restore(Tensor face, double fidelity, boolean adapt) {
        if (!(fidelity >= 0 && fidelity <= 1)) {
            throw new IllegalArgumentException("fidelity is 0 to 1, found " + fidelity);
        }
        try (var scope = Scope.open()) {
            // 1. features of the input
            Encoded encoded = encode(face, fidelity > 0);
            Tensor latent = encoded.latent();
            // 2. the code of each position
            Tensor logits = logits(latent);
            Tensor codes = codes(logits.argmax(2));
            // 3. colour and contrast of the input
            Tensor adapted = adapt ? withStatisticsOf(latent, codes) : codes;
            // 4. a face from the codes, drawn towards the input by the fidelity
            Tensor out = generate(adapted, encoded, fidelity);
            return new Restored(scope.keep(out), scope.keep(logits));
        }
    }

    /** @param features whether features for {@link #generate} are kept */
    public Encoded encode(Tensor face, boolean features) {
        if (face.rank() != 4 || face.size(1) != 3 || face.size(2) != config.size() || face.size(3) != config.size()) {
            throw new IllegalArgumentException("expected faces (batch, 3, " + config.size() + ", " + config.size()
                    + "), found " + java.util.Arrays.toString(face.shape()));
        }
        return encoder.forward(face, features);
    }

    /** Scores of all codes (batch, positions, codes) for a latent map. */
    public Tensor logits(Tensor latent) {
        return transformer.forward(latent);
    }

    /** The entries of the codebook (codes, codeWidth); the network's own tensor. */
    public Tensor codebook() {
        return codebook;
    }

    /** Entries of the codebook (batch, codeWidth, side, side) by index (batch, positions). */
    public Tensor codes(Tensor indices) {
        int side = config.codeSide();
        return Functions.embedding(codebook, indices)
                .reshape(indices.size(0), side, side, config.codeWidth())
                .permute(0, 3, 1, 2);
    }

    /**
     * A face (batch, 3, size, size) from codes (batch, codeWidth, side, side).
     *
     * @param encoded of the input, with its features if {@code fidelity} is above 0
     */
    public Tensor generate(Tensor codes, Encoded encoded, double fidelity) {
        return generator.forward(codes, encoded.features(), fidelity);
    }

    private static Tensor withStatisticsOf(Tensor style, Tensor content) {
        Tensor normalised = content.sub(mean(content)).div(spread(content));
        return normalised.mul(spread(style)).add(mean(style));
    }

    private static Tensor mean(Tensor map) {
        return map.mean(true, 2, 3);
    }

    private static Tensor spread(Tensor map) {
        long n = map.size(2) * map.size(3);
        Tensor variance = map.sub(mean(map)).square().sum(true, 2, 3).div((double) (n - 1));
        return variance.add(1e-5).sqrt();
    }
}
