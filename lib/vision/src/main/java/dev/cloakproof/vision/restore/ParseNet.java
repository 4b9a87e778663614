package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.vision.block.BatchNorm;
import dev.cloakproof.vision.block.NetworkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Labels the parts of an aligned face: skin, brows, eyes, hair and so on (PSFRGAN's ParseNet, 19 classes). */
public final class ParseNet extends Network {
    private static final double SLOPE = 0.2;

    private final ParseNetConfig config;
    private final ReflectedConv first;
    private final List<Block> down = new ArrayList<>();
    private final List<Block> body = new ArrayList<>();
    private final List<Block> up = new ArrayList<>();
    private final ReflectedConv mask;
    private final ReflectedConv image;

    public ParseNet(ParseNetConfig config, Parameters root) {
        super(root);
        this.config = config;
        int levels = config.levels();
        Parameters encoder = root.at("encoder");
        first = new ReflectedConv(encoder.at(0), 3, config.width(), 1, false);
        int width = config.width();
        for (int i = 0; i < levels; i++, width *= 2) {
            down.add(new Block(encoder.at(i + 1), config.channels(width), config.channels(2 * width), Scale.HALVE));
        }
        int middle = config.channels(width);
        for (int i = 0; i < config.depth(); i++) {
            body.add(new Block(root.at("body").at(i), middle, middle, Scale.KEEP));
        }
        for (int i = 0; i < levels; i++, width /= 2) {
            up.add(new Block(
                    root.at("decoder").at(i), config.channels(width), config.channels(width / 2), Scale.DOUBLE));
        }
        image = new ReflectedConv(root.at("out_img_conv"), config.channels(width), 3, 1, false);
        mask = new ReflectedConv(root.at("out_mask_conv"), config.channels(width), config.classes(), 1, false);
    }

    /** Loads a folder of {@code config.json} and {@code model.safetensors}, or {@code parsing_parsenet.pth}. */
    public static ParseNet load(Path path, Placement placement) {
        return Files.isDirectory(path)
                ? NetworkFolder.load(path, ParseNetConfig.class, placement, ParseNet::new)
                : load(path, ParseNetConfig.PUBLISHED, placement);
    }

    /** Loads {@code parsing_parsenet.pth}. */
    public static ParseNet load(Path file, ParseNetConfig config, Placement placement) {
        return Pretrained.load(file, BatchNorm::parameter, placement, p -> new ParseNet(config, p));
    }

    public ParseNetConfig config() {
        return config;
    }

    /**
     * Scores of every class at every pixel.
     *
     * @param face RGB (batch, 3, size, size), -1 to 1
     * @return (batch, classes, size, size)
     */
    public Tensor classes(Tensor face) {
        return Scope.result(() -> mask.forward(features(face)));
    }

    /** The cleaned face that the network was trained to draw beside the labels; (batch, 3, size, size). */
    public Tensor image(Tensor face) {
        return Scope.result(() -> image.forward(features(face)));
    }

    /**
     * Both at once, for training.
     *
     * @param classes as of {@link #classes}
     * @param image as of {@link #image}
     */
    public record Output(Tensor classes, Tensor image) {}

    public Output forward(Tensor face) {
        try (var scope = Scope.open()) {
            Tensor features = features(face);
            return new Output(scope.keep(mask.forward(features)), scope.keep(image.forward(features)));
        }
    }

    private Tensor features(Tensor face) {
        Tensor encoded = run(down, first.forward(face));
        return run(up, encoded.add(run(body, encoded)));
    }

    private static Tensor run(List<Block> blocks, Tensor x) {
        Tensor h = x;
        for (Block block : blocks) {
            Tensor in = h;
            h = Scope.result(() -> block.forward(in));
            if (in != x) {
                in.free();
            }
        }
        return h;
    }

    private enum Scale {
        KEEP,
        HALVE,
        DOUBLE
    }

    /** Two convolutions around which the input, resized as they resize, is added back. */
    private static final class Block {
        private final ReflectedConv shortcut; // null where nothing changes
        private final ReflectedConv conv1;
        private final ReflectedConv conv2;
        private final boolean doubles;

        Block(Parameters p, int in, int out, Scale scale) {
            int stride = scale == Scale.HALVE ? 2 : 1;
            doubles = scale == Scale.DOUBLE;
            shortcut = scale == Scale.KEEP && in == out
                    ? null
                    : new ReflectedConv(p.at("shortcut_func"), in, out, stride, false);
            conv1 = new ReflectedConv(p.at("conv1"), in, out, 1, true);
            conv2 = new ReflectedConv(p.at("conv2"), out, out, stride, true);
        }

        Tensor forward(Tensor x) {
            Tensor sized = doubles ? Functions.upsampleNearest(x, 2 * x.size(2), 2 * x.size(3)) : x;
            Tensor straight = shortcut == null ? x : shortcut.forward(sized);
            return straight.add(conv2.forward(Functions.leakyRelu(conv1.forward(sized), SLOPE)));
        }
    }

    /** A 3x3 convolution on a mirrored border, with batch normalisation instead of a bias where wanted. */
    private static final class ReflectedConv {
        private final Conv2d conv;
        private final BatchNorm norm; // null for none

        ReflectedConv(Parameters p, int in, int out, int stride, boolean normalised) {
            conv = new Conv2d(p.at("conv2d"), in, out, 3, stride, 0, !normalised);
            norm = normalised ? new BatchNorm(p.at("norm").at("norm"), out) : null;
        }

        Tensor forward(Tensor x) {
            Tensor y = conv.forward(Functions.reflectionPad(x, 1, 1, 1, 1));
            return norm == null ? y : norm.forward(y);
        }
    }
}
