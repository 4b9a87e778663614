package dev.cloakproof.pretraining.perception;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.block.BatchNorm;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A VGG-Face in training: batch normalisation behind every convolution, which goes into the kernels in the end. Without it
 * the vectors of all faces soon point the same way, at every rate, and hardly part again (docs/mini-pack.md).
 */
final class NormalisedVggFace extends Network {
    /** Convolutions behind which the map is halved. */
    private static final Set<Integer> POOLED = Set.of(1, 3, 6, 9, 12);

    private static final int CONVOLUTIONS = 13;
    private static final int LAYERS = 16;

    private final VggFaceConfig config;
    private final List<Tensor> kernels = new ArrayList<>(); // (out, in, h, w)
    private final List<BatchNorm> norms = new ArrayList<>();

    NormalisedVggFace(VggFaceConfig config, Parameters root) {
        super(root);
        this.config = config;
        for (Map.Entry<Integer, long[]> layer : kernelShapes(config).entrySet()) {
            Parameters at = root.at(layer.getKey());
            kernels.add(at.get("weight", Init.normal(1), layer.getValue()));
            norms.add(new BatchNorm(at.at("norm"), layer.getValue()[0]));
        }
    }

    /** What the network that is folded to asks for. */
    private static Map<Integer, long[]> kernelShapes(VggFaceConfig config) {
        Map<Integer, long[]> shapes = new TreeMap<>();
        var listed = Parameters.from((name, _, shape) -> {
            if (shape.length == 4) {
                shapes.put(Integer.valueOf(name.substring(0, name.indexOf('.'))), shape);
            }
            return null;
        });
        new VggFaceNetwork(config, listed);
        return shapes;
    }

    VggFaceConfig config() {
        return config;
    }

    /** {@link VggFaceNetwork#forward}'s input to (batch, outputs). */
    Tensor forward(Tensor pixels) {
        Tensor h = pixels;
        for (int layer = 0; layer < LAYERS; layer++) {
            h = norms.get(layer)
                    .forward(Functions.conv2d(h, kernels.get(layer), null, 1, layer < CONVOLUTIONS ? 1 : 0, 1));
            if (layer < LAYERS - 1) {
                h = Functions.relu(h);
            }
            if (POOLED.contains(layer)) {
                h = Functions.maxPool(h, 2, 2, 0);
            }
        }
        return h.reshape(h.size(0), h.size(1));
    }

    /** The network that ships, which does the same without normalisation. */
    VggFaceNetwork folded() {
        return new VggFaceNetwork(config, Parameters.from((name, _, _) -> {
            int dot = name.indexOf('.');
            int layer = Integer.parseInt(name.substring(0, dot));
            try (var _ = Autograd.pause()) {
                List<Tensor> folded = norms.get(layer).folded(kernels.get(layer));
                return name.endsWith(".bias") ? folded.getLast() : folded.getFirst();
            }
        }));
    }
}
