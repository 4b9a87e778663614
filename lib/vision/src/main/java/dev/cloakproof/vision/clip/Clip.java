package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.weights.Checkpoint;
import dev.cloakproof.tensor.weights.TensorEntry;
import dev.cloakproof.vision.block.NetworkFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** OpenAI's CLIP with a vision transformer: encodes pictures and sentences into one space. */
public final class Clip extends Network {
    /** What stands beside the weights: constants of OpenAI's archive, position numbers of older Hugging Face files. */
    private static final Set<String> CONSTANTS = Set.of(
            "input_resolution",
            "context_length",
            "vocab_size",
            "text_model.embeddings.position_ids",
            "vision_model.embeddings.position_ids");

    private final ClipConfig config;
    private final VisionTower vision;
    private final TextTower text;
    private final Tensor logitScale; // ()

    /** With Hugging Face's names, to be trained and saved. */
    public Clip(ClipConfig config, Parameters root) {
        this(config, ClipNames.HUGGING_FACE, root);
    }

    Clip(ClipConfig config, ClipNames names, Parameters root) {
        super(root);
        this.config = config;
        vision = new VisionTower(config, names, root);
        text = new TextTower(config, names, root);
        logitScale = root.get("logit_scale", (_, _) -> Tensor.scalar(Math.log(1 / 0.07)));
    }

    /**
     * Loads OpenAI's archive, LIQE's file or a Hugging Face file or folder; the shape is read off the weights.
     *
     * @throws IllegalArgumentException if it holds no CLIP with a vision transformer
     */
    public static Clip load(Path path, Placement placement) {
        Path file = NetworkFolder.weights(path);
        Checkpoint checkpoint = Checkpoint.open(file);
        try {
            Map<String, TensorEntry> entries = checkpoint.entries();
            ClipNames names = ClipNames.of(entries.keySet());
            ClipConfig config = ClipConfig.of(entries, names);
            return Pretrained.load(
                    checkpoint,
                    entries,
                    key -> CONSTANTS.contains(key) ? Optional.empty() : Optional.of(key),
                    placement,
                    p -> new Clip(config, names, p),
                    file.toString());
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    public ClipConfig config() {
        return config;
    }

    /**
     * @param pixels as {@link ClipPictures} prepares them, (batch, 3, size, size)
     * @return not normalised, (batch, embedding)
     */
    public Tensor encodePictures(Tensor pixels) {
        if (pixels.size(2) != config.size() || pixels.size(3) != config.size()) {
            throw new IllegalArgumentException("expected pictures of " + config.size() + " x " + config.size()
                    + " pixels, found " + Arrays.toString(pixels.shape()));
        }
        return Scope.result(() -> vision.forward(pixels.to(device()).to(dtype())));
    }

    /**
     * @param ids token ids (batch, tokens), int64, from the start token on, padded with zeros
     * @return not normalised, (batch, embedding)
     */
    public Tensor encodeTexts(Tensor ids) {
        if (ids.size(1) > config.positions()) {
            throw new IllegalArgumentException(
                    "a text of " + ids.size(1) + " tokens: at most " + config.positions() + " fit");
        }
        return Scope.result(() -> text.forward(ids.to(device())));
    }

    /** What cosines are multiplied by before the softmax: about 100 in OpenAI's models. */
    public double scale() {
        return Math.exp(logitScale.item());
    }

    /**
     * How well sentences fit pictures: cosines times {@link #scale}, with gradients.
     *
     * @param pictures not normalised, (pictures, embedding)
     * @param texts not normalised, (texts, embedding)
     * @return (pictures, texts)
     */
    public Tensor logits(Tensor pictures, Tensor texts) {
        return Scope.result(() ->
                normalise(pictures).matmul(normalise(texts).transpose(0, 1)).mul(logitScale.exp()));
    }

    /** Rows of length 1. */
    public static Tensor normalise(Tensor rows) {
        return rows.div(rows.square().sum(true, 1).sqrt());
    }
}
