package dev.cloakproof.pretraining.perception;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import java.util.Map;
import java.util.Set;

/**
 * First values that depend on pictures: every channel of a VGG-Face has mean 0 and variance 1 over a batch (Salimans and
 * Kingma 2016). It has no normalisation, and all faces are much alike: without this its vectors are, too, and nothing
 * pulls them apart.
 */
final class Calibration {
    private static final double EPS = 1e-4;
    /** Convolutions behind which the map is halved. */
    private static final Set<Integer> POOLED = Set.of(1, 3, 6, 9, 12);

    private static final int CONVOLUTIONS = 13;
    private static final int LAYERS = 16;

    private Calibration() {}

    /** @param pixels as the network takes them, (batch, 3, side, side) */
    static void apply(VggFaceNetwork network, Tensor pixels) {
        Map<String, Tensor> parameters = network.parameters().all();
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor h = pixels;
            for (int layer = 0; layer < LAYERS; layer++) {
                Tensor weight = parameters.get(layer + ".weight");
                Tensor bias = parameters.get(layer + ".bias");
                Tensor y = Functions.conv2d(h, weight, null, 1, layer < CONVOLUTIONS ? 1 : 0, 1);
                Tensor mean = y.mean(true, 0, 2, 3); // (1, channels, 1, 1)
                Tensor deviation =
                        y.sub(mean).square().mean(true, 0, 2, 3).add(EPS).sqrt();
                long channels = bias.size(0);
                InPlace.copy(weight, weight.div(deviation.reshape(channels, 1, 1, 1)));
                InPlace.copy(bias, mean.div(deviation).neg().reshape(channels));
                h = Functions.relu(y.sub(mean).div(deviation));
                if (POOLED.contains(layer)) {
                    h = Functions.maxPool(h, 2, 2, 0);
                }
            }
        }
    }
}
