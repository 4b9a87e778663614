package dev.cloakproof.vision.perceptual;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How much each channel of the five maps counts, learned from people's judgements. */
final class Heads extends Network {
    private final List<Tensor> weights = new ArrayList<>(); // (1, channels, 1, 1)

    Heads(LpipsNet net, Parameters root) {
        super(root);
        for (int i = 0; i < net.channels().size(); i++) {
            Parameters p = root.at("lin" + i).at("model").at(1);
            weights.add(p.get("weight", Init.ONES, 1, net.channels().get(i), 1, 1));
        }
    }

    static Heads load(Path file, LpipsNet net, Placement placement) {
        return Pretrained.load(file, Pretrained.Names.SAME, placement, p -> new Heads(net, p));
    }

    Tensor weight(int layer) {
        return weights.get(layer);
    }

    List<Integer> channels() {
        return weights.stream().map(weight -> (int) weight.size(1)).toList();
    }
}
