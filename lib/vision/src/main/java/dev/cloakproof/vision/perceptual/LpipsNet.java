package dev.cloakproof.vision.perceptual;

import dev.cloakproof.vision.perceptual.Trunk.Layer;
import java.util.List;

/** Which network LPIPS looks through. */
public enum LpipsNet {
    /** AlexNet: the default of its authors, and the closest to people's judgement. */
    ALEX(List.of(
            new Layer(0, 3, 64, 11, 4, 2, 0, true),
            new Layer(3, 64, 192, 5, 1, 2, 3, true),
            new Layer(6, 192, 384, 3, 1, 1, 3, true),
            new Layer(8, 384, 256, 3, 1, 1, 0, true),
            new Layer(10, 256, 256, 3, 1, 1, 0, true))),
    /** VGG-16: smoother gradients, so the one for optimisation (IMPRESS). */
    VGG(List.of(
            Layer.vgg(0, 3, 64, false, false),
            Layer.vgg(2, 64, 64, false, true),
            Layer.vgg(5, 64, 128, true, false),
            Layer.vgg(7, 128, 128, false, true),
            Layer.vgg(10, 128, 256, true, false),
            Layer.vgg(12, 256, 256, false, false),
            Layer.vgg(14, 256, 256, false, true),
            Layer.vgg(17, 256, 512, true, false),
            Layer.vgg(19, 512, 512, false, false),
            Layer.vgg(21, 512, 512, false, true),
            Layer.vgg(24, 512, 512, true, false),
            Layer.vgg(26, 512, 512, false, false),
            Layer.vgg(28, 512, 512, false, true)));

    private final List<Layer> layers;

    LpipsNet(List<Layer> layers) {
        this.layers = layers;
    }

    List<Layer> layers() {
        return layers;
    }

    /** Channels of the five maps. */
    List<Integer> channels() {
        return layers.stream().filter(Layer::read).map(Layer::out).toList();
    }
}
