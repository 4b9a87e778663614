package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.block.NetworkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * VGG-Face up to the scores of its 2622 people, which deepface 0.0.79 takes as the embedding (Parkhi et al. 2015). The
 * layers are named by their place, 0 to 15.
 */
public final class VggFaceNetwork extends Network {
    private static final int[] DEPTHS = {2, 2, 3, 3, 3};

    private final VggFaceConfig config;
    private final List<List<Conv2d>> groups = new ArrayList<>();
    private final List<Conv2d> last = new ArrayList<>();

    public VggFaceNetwork(VggFaceConfig config, Parameters root) {
        super(root);
        this.config = config;
        int index = 0;
        int in = 3;
        for (int group = 0; group < DEPTHS.length; group++) {
            List<Conv2d> layers = new ArrayList<>();
            for (int i = 0; i < DEPTHS[group]; i++) {
                int out = config.widths().get(group);
                layers.add(new Conv2d(root.at(index++), in, out, 3));
                in = out;
            }
            groups.add(layers);
        }
        last.add(new Conv2d(root.at(index++), in, config.hidden(), config.lastSide(), 1, 0, true));
        last.add(new Conv2d(root.at(index++), config.hidden(), config.hidden(), 1));
        last.add(new Conv2d(root.at(index), config.hidden(), config.outputs(), 1));
    }

    /** Loads a folder of {@code config.json} and {@code model.safetensors}, or the published Keras file. */
    public static VggFaceNetwork load(Path path, Placement placement) {
        return Files.isDirectory(path)
                ? NetworkFolder.load(path, VggFaceConfig.class, placement, VggFaceNetwork::new)
                : load(path, VggFaceConfig.PUBLISHED, placement);
    }

    public VggFaceConfig config() {
        return config;
    }

    /** Loads the weights of a Keras model. @throws IllegalArgumentException if the file does not hold them */
    public static VggFaceNetwork load(Path file, VggFaceConfig config, Placement placement) {
        return KerasWeights.load(file, placement, p -> new VggFaceNetwork(config, p));
    }

    /**
     * @param pixels blue, green, red, 0 to 1, (batch, 3, side, side)
     * @return (batch, outputs)
     */
    public Tensor forward(Tensor pixels) {
        return Scope.result(() -> {
            Tensor h = pixels;
            for (List<Conv2d> group : groups) {
                for (Conv2d layer : group) {
                    Tensor in = h;
                    h = Scope.result(() -> Functions.relu(layer.forward(in)));
                }
                h = Functions.maxPool(h, 2, 2, 0);
            }
            h = Functions.relu(last.get(0).forward(h));
            h = Functions.relu(last.get(1).forward(h));
            Tensor scores = last.get(2).forward(h); // (batch, outputs, 1, 1)
            return scores.reshape(scores.size(0), scores.size(1));
        });
    }
}
