package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A map of codes (batch, codeWidth, side, side) to a face (batch, 3, size, size). */
final class CodeGenerator {
    /** @param fused the side at which encoder features join after this step, 0 where none do */
    private record Place(Step step, int fused) {}

    private final List<Place> places = new ArrayList<>();
    private final Parameters blocks;
    private final Map<Integer, FeatureFusion> fusions = new HashMap<>();

    /**
     * @param p of the generator
     * @param fusion of the fusing layers, which are named by side
     */
    CodeGenerator(Parameters p, Parameters fusion, CodeFormerConfig config) {
        blocks = p.at("blocks");
        int in = config.channels(config.levels() - 1);
        int side = config.codeSide();
        add(Step.convolution(next(), config.codeWidth(), in));
        add(Step.residual(next(), config.groups(), in, in));
        add(Step.attention(next(), config.groups(), in));
        add(Step.residual(next(), config.groups(), in, in));
        for (int level = config.levels() - 1; level >= 0; level--) {
            int out = config.channels(level);
            for (int i = 0; i < config.blocks(); i++) {
                boolean fused = i == 0 && config.fusedSides().contains(side);
                places.add(new Place(Step.residual(next(), config.groups(), in, out), fused ? side : 0));
                if (side == config.attentionSide()) {
                    add(Step.attention(next(), config.groups(), out));
                }
                if (fused) {
                    fusions.put(side, new FeatureFusion(fusion.at(side), config.groups(), out));
                }
                in = out;
            }
            if (level > 0) {
                add(Step.doubling(next(), in));
                side *= 2;
            }
        }
        add(Step.normalisation(next(), config.groups(), in));
        add(Step.convolution(next(), in, 3));
    }

    private Parameters next() {
        return blocks.at(places.size());
    }

    private void add(Step step) {
        places.add(new Place(step, 0));
    }

    /** @param fidelity 0 generates from the codes alone, 1 follows the encoder's features fully */
    Tensor forward(Tensor codes, Map<Integer, Tensor> features, double fidelity) {
        Tensor h = codes;
        for (Place place : places) {
            Tensor in = h;
            h = Scope.result(() -> {
                Tensor out = place.step.forward(in);
                return place.fused > 0 && fidelity > 0
                        ? fusions.get(place.fused).forward(features.get(place.fused), out, fidelity)
                        : out;
            });
            if (in != codes) {
                in.free();
            }
        }
        return h;
    }
}
