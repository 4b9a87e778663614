package dev.cloakproof.vision.perceptual;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The convolutions of torchvision's AlexNet or VGG-16, read at five depths. */
final class Trunk extends Network {
    /**
     * One convolution and the ReLU after it.
     *
     * @param index in torchvision's list of features
     * @param pool kernel of the pooling before it, of stride 2; 0 for none
     * @param read whether the map is one of the five
     */
    record Layer(int index, int in, int out, int kernel, int stride, int padding, int pool, boolean read) {
        /** A 3x3 convolution of VGG. */
        static Layer vgg(int index, int in, int out, boolean pooled, boolean read) {
            return new Layer(index, in, out, 3, 1, 1, pooled ? 2 : 0, read);
        }
    }

    private record Step(Layer layer, Conv2d conv) {}

    private final List<Step> steps = new ArrayList<>();

    Trunk(LpipsNet net, Parameters root) {
        super(root);
        for (Layer layer : net.layers()) {
            Parameters p = root.at("features").at(layer.index());
            steps.add(new Step(
                    layer,
                    new Conv2d(p, layer.in(), layer.out(), layer.kernel(), layer.stride(), layer.padding(), true)));
        }
    }

    static Trunk load(Path file, LpipsNet net, Placement placement) {
        return Pretrained.load(
                file,
                key -> key.startsWith("features.") ? Optional.of(key) : Optional.empty(),
                placement,
                p -> new Trunk(net, p));
    }

    /** (batch, 3, height, width) -> five maps (batch, channels, ...). */
    List<Tensor> forward(Tensor pixels) {
        List<Tensor> maps = new ArrayList<>();
        Tensor h = pixels;
        for (Step step : steps) {
            Tensor in = h;
            int pool = step.layer.pool();
            h = Scope.result(
                    () -> Functions.relu(step.conv.forward(pool > 0 ? Functions.maxPool(in, pool, 2, 0) : in)));
            if (step.layer.read()) {
                maps.add(h);
            }
        }
        return maps;
    }
}
