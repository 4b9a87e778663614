package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.vision.block.BatchNorm;
import dev.cloakproof.vision.block.NetworkFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ArcFace's residual network from its authors' PyTorch files (deepinsight/insightface, {@code recognition/arcface_torch}).
 * The published ONNX files of the same networks run in {@link ArcFace}; this one passes gradients to the face.
 */
public final class IResNet extends Network {
    private final IResNetConfig config;
    private final Conv2d conv;
    private final BatchNorm norm;
    private final Tensor slopes; // (width)
    private final List<Block> blocks = new ArrayList<>();
    private final BatchNorm lastNorm;
    private final Linear embedding;
    private final BatchNorm features;

    public IResNet(IResNetConfig config, Parameters root) {
        super(root);
        this.config = config;
        int width = config.width();
        conv = new Conv2d(root.at("conv1"), 3, width, 3, 1, 1, false);
        norm = new BatchNorm(root.at("bn1"), width);
        slopes = slopes(root.at("prelu"), width);
        int in = width;
        for (int stage = 0; stage < 4; stage++) {
            int out = width << stage;
            for (int i = 0; i < config.blocks().get(stage); i++) {
                blocks.add(new Block(root.at("layer" + (stage + 1)).at(i), in, out, i == 0 ? 2 : 1));
                in = out;
            }
        }
        lastNorm = new BatchNorm(root.at("bn2"), in);
        embedding = new Linear(root.at("fc"), (long) in * config.lastSide() * config.lastSide(), config.embedding());
        features = new BatchNorm(root.at("features"), config.embedding());
    }

    /** Loads the authors' PyTorch file. */
    public static IResNet load(Path file, IResNetConfig config, Placement placement) {
        return Pretrained.load(file, BatchNorm::parameter, placement, p -> new IResNet(config, p));
    }

    /** Loads a folder of {@code config.json} and {@code model.safetensors}. */
    public static IResNet load(Path folder, Placement placement) {
        return NetworkFolder.load(folder, IResNetConfig.class, placement, IResNet::new);
    }

    public IResNetConfig config() {
        return config;
    }

    /**
     * @param faces aligned, RGB, -1 to 1, (batch, 3, side, side)
     * @return not normalised, (batch, embedding)
     */
    public Tensor forward(Tensor faces) {
        return Scope.result(() -> {
            Tensor h = Functions.prelu(norm.forward(conv.forward(faces)), slopes);
            for (Block block : blocks) {
                Tensor in = h;
                h = Scope.result(() -> block.forward(in));
                in.free();
            }
            Tensor flat = lastNorm.forward(h).reshape(h.size(0), h.size(1) * h.size(2) * h.size(3));
            return features.forward(embedding.forward(flat));
        });
    }

    private static Tensor slopes(Parameters p, int channels) {
        return p.get("weight", (_, shape) -> Tensor.full(0.25, DType.F32, shape), channels);
    }

    /** Normalise, convolve, normalise, PReLU, convolve, normalise; the input added. */
    private static final class Block {
        private final BatchNorm norm1;
        private final Conv2d conv1;
        private final BatchNorm norm2;
        private final Tensor slopes;
        private final Conv2d conv2;
        private final BatchNorm norm3;
        private final Conv2d shortcut; // null where nothing changes
        private final BatchNorm shortcutNorm;

        Block(Parameters p, int in, int out, int stride) {
            norm1 = new BatchNorm(p.at("bn1"), in);
            conv1 = new Conv2d(p.at("conv1"), in, out, 3, 1, 1, false);
            norm2 = new BatchNorm(p.at("bn2"), out);
            slopes = slopes(p.at("prelu"), out);
            conv2 = new Conv2d(p.at("conv2"), out, out, 3, stride, 1, false);
            norm3 = new BatchNorm(p.at("bn3"), out);
            boolean same = stride == 1 && in == out;
            shortcut = same ? null : new Conv2d(p.at("downsample").at(0), in, out, 1, stride, 0, false);
            shortcutNorm = same ? null : new BatchNorm(p.at("downsample").at(1), out);
        }

        Tensor forward(Tensor x) {
            Tensor h = Functions.prelu(norm2.forward(conv1.forward(norm1.forward(x))), slopes);
            Tensor straight = shortcut == null ? x : shortcutNorm.forward(shortcut.forward(x));
            return norm3.forward(conv2.forward(h)).add(straight);
        }
    }
}
