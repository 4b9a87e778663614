package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** torchvision's ResNet of bottleneck blocks without its classifier (He et al. 2016). */
final class ResNet {
    private final ConvNorm stem;
    private final List<List<Bottleneck>> stages = new ArrayList<>();

    ResNet(Parameters p, RetinaFaceConfig config) {
        stem = new ConvNorm(p.at("conv1"), p.at("bn1"), 3, config.width(), 7, 2);
        int in = config.width();
        for (int stage = 1; stage <= 4; stage++) {
            int out = config.stage(stage);
            List<Bottleneck> blocks = new ArrayList<>();
            for (int i = 0; i < config.blocks().get(stage - 1); i++) {
                int stride = i == 0 && stage > 1 ? 2 : 1;
                blocks.add(new Bottleneck(p.at("layer" + stage).at(i), in, out, stride));
                in = out;
            }
            stages.add(blocks);
        }
    }

    /** The maps of stages 2, 3 and 4, whose sides are 1/8, 1/16 and 1/32 of the picture's, rounded up. */
    List<Tensor> forward(Tensor x) {
        Tensor h = Scope.result(() -> Functions.maxPool(Functions.relu(stem.forward(x)), 3, 2, 1));
        List<Tensor> maps = new ArrayList<>();
        for (List<Bottleneck> stage : stages) {
            for (Bottleneck block : stage) {
                Tensor in = h;
                h = Scope.result(() -> block.forward(in));
                if (!maps.contains(in)) {
                    in.free();
                }
            }
            maps.add(h);
        }
        return maps.subList(1, 4);
    }

    /** 1x1 down, 3x3, 1x1 up, added to the input, which is itself brought to shape where the block changes it. */
    private static final class Bottleneck {
        private final ConvNorm narrow;
        private final ConvNorm middle;
        private final ConvNorm wide;
        private final ConvNorm shortcut; // null where nothing changes

        Bottleneck(Parameters p, int in, int out, int stride) {
            int width = out / 4;
            narrow = new ConvNorm(p.at("conv1"), p.at("bn1"), in, width, 1, 1);
            middle = new ConvNorm(p.at("conv2"), p.at("bn2"), width, width, 3, stride);
            wide = new ConvNorm(p.at("conv3"), p.at("bn3"), width, out, 1, 1);
            Parameters down = p.at("downsample");
            shortcut = in == out && stride == 1 ? null : new ConvNorm(down.at(0), down.at(1), in, out, 1, stride);
        }

        Tensor forward(Tensor x) {
            Tensor h = Functions.relu(middle.forward(Functions.relu(narrow.forward(x))));
            Tensor straight = shortcut == null ? x : shortcut.forward(x);
            return Functions.relu(wide.forward(h).add(straight));
        }
    }
}
