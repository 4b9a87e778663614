package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A face (batch, 3, size, size) to its latent map, and the features on the way that can be fused again. */
final class CodeEncoder {
    /** @param fused the side whose features these are, 0 for steps in between */
    private record Place(Step step, int fused) {}

    private final List<Place> places = new ArrayList<>();
    private final Parameters blocks;

    CodeEncoder(Parameters p, CodeFormerConfig config) {
        blocks = p.at("blocks");
        add(Step.convolution(next(), 3, config.width()));
        int in = config.width();
        int side = config.size();
        for (int level = 0; level < config.levels(); level++) {
            int out = config.channels(level);
            for (int i = 0; i < config.blocks(); i++) {
                boolean fused = i == config.blocks() - 1 && config.fusedSides().contains(side);
                places.add(new Place(Step.residual(next(), config.groups(), in, out), fused ? side : 0));
                if (side == config.attentionSide()) {
                    add(Step.attention(next(), config.groups(), out));
                }
                in = out;
            }
            if (level < config.levels() - 1) {
                add(Step.halving(next(), in));
                side /= 2;
            }
        }
        add(Step.residual(next(), config.groups(), in, in));
        add(Step.attention(next(), config.groups(), in));
        add(Step.residual(next(), config.groups(), in, in));
        add(Step.normalisation(next(), config.groups(), in));
        add(Step.convolution(next(), in, config.codeWidth()));
    }

    private Parameters next() {
        return blocks.at(places.size());
    }

    private void add(Step step) {
        places.add(new Place(step, 0));
    }

    /** @param keep whether features will be fused; otherwise none are kept */
    CodeFormer.Encoded forward(Tensor face, boolean keep) {
        Map<Integer, Tensor> features = new HashMap<>();
        Tensor h = face;
        for (Place place : places) {
            Tensor in = h;
            h = Scope.result(() -> place.step.forward(in));
            if (in != face && !features.containsValue(in)) {
                in.free();
            }
            if (keep && place.fused > 0) {
                features.put(place.fused, h);
            }
        }
        return new CodeFormer.Encoded(h, features);
    }
}
