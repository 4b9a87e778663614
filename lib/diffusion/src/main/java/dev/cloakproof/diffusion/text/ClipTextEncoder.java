package dev.cloakproof.diffusion.text;

import dev.cloakproof.diffusion.ComponentFolder;
import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Embedding;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CLIP text transformer as diffusion models use it: the hidden states of all tokens after the last layer and the
 * final normalisation (Radford et al. 2021; transformers, {@code modeling_clip.py}). The only mask is the causal one:
 * padding takes part, as it did when the diffusion models were trained.
 */
public final class ClipTextEncoder extends Network {
    private static final String PREFIX = "text_model.";

    private final ClipTextConfig config;
    private final Embedding tokens; // (vocabulary, hidden)
    private final Tensor positions; // (77, hidden)
    private final List<ClipTextLayer> layers = new ArrayList<>();
    private final LayerNorm finalNorm;

    public ClipTextEncoder(ClipTextConfig config, Parameters root) {
        super(root);
        this.config = config;
        Parameters p = root.at("text_model");
        Parameters embeddings = p.at("embeddings");
        tokens = new Embedding(embeddings.at("token_embedding"), config.vocabularySize(), config.hiddenSize());
        positions = embeddings
                .at("position_embedding")
                .get("weight", Init.normal(0.02), config.positions(), config.hiddenSize());
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new ClipTextLayer(config, p.at("encoder").at("layers").at(i)));
        }
        finalNorm = new LayerNorm(p.at("final_layer_norm"), config.hiddenSize(), config.layerNormEps());
    }

    /** Loads a {@code text_encoder} folder of a published model. */
    public static ClipTextEncoder load(Path folder, Placement placement) {
        ClipTextConfig config = ClipTextConfig.of(ConfigFile.read(folder.resolve("config.json")));
        return Pretrained.load(
                Pretrained.file(folder, "model"),
                ClipTextEncoder::parameter,
                placement,
                p -> new ClipTextEncoder(config, p));
    }

    /** Newer files drop the prefix; older ones carry a constant buffer. */
    private static Optional<String> parameter(String key) {
        if (key.endsWith("embeddings.position_ids")) {
            return Optional.empty();
        }
        return Optional.of(key.startsWith(PREFIX) ? key : PREFIX + key);
    }

    public ClipTextConfig config() {
        return config;
    }

    /**
     * Writes configuration and weights into a folder that the Python library opens.
     *
     * @param metadata strings for the header of the weights file
     */
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        ComponentFolder.write(folder, config.toJson(), "model", this, metadata);
    }

    /**
     * @param ids token ids (batch, tokens), int64, at most 77 tokens
     * @return (batch, tokens, hidden)
     */
    public Tensor encode(Tensor ids) {
        return encode(ids, Segments.DIRECT);
    }

    /** As {@link #encode(Tensor)}, the embeddings and each layer being one segment. */
    public Tensor encode(Tensor ids, Segments segments) {
        return encode(ids, dtype(), segments);
    }

    /** As above, computed in {@code compute}: training keeps float32 parameters and may run in bfloat16. */
    public Tensor encode(Tensor ids, DType compute, Segments segments) {
        if (ids.size(1) > config.positions()) {
            throw new IllegalArgumentException(
                    "a prompt of " + ids.size(1) + " tokens: at most " + config.positions() + " fit");
        }
        Tensor h = segments.run(
                List.of(ids.to(device())),
                in -> tokens.forward(in.getFirst())
                        .add(positions.narrow(0, 0, ids.size(1)))
                        .to(compute));
        for (ClipTextLayer layer : layers) {
            h = segments.run(List.of(h), in -> layer.forward(in.getFirst()));
        }
        return segments.run(List.of(h), in -> finalNorm.forward(in.getFirst()));
    }
}
