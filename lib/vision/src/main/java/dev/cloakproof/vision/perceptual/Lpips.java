package dev.cloakproof.vision.perceptual;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.block.NetworkFolder;
import java.nio.file.Path;
import java.util.List;

/**
 * The learned perceptual distance of Zhang et al. (2018), version 0.1: squared differences of unit-length features,
 * weighted by channel, averaged over the picture, added over five depths. 0 for equal pictures.
 */
public final class Lpips implements AutoCloseable {
    private static final float[] SHIFT = {-.030f, -.088f, -.188f};
    private static final float[] SCALE = {.458f, .448f, .450f};
    private static final double EPS = 1e-10;
    private static final double TINY = 1e-20;
    /** Below this the pooling of AlexNet leaves nothing of a picture. */
    private static final int LEAST_SIDE = 32;

    private final Trunk trunk;
    private final Heads heads;

    Lpips(Trunk trunk, Heads heads) {
        this.trunk = trunk;
        this.heads = heads;
    }

    /**
     * @param trunk torchvision's ImageNet file of the network, or a folder with {@code model.safetensors}
     * @param heads the authors' {@code weights/v0.1/alex.pth} or {@code vgg.pth}, or such a folder
     */
    public static Lpips load(LpipsNet net, Path trunk, Path heads, Placement placement) {
        Trunk loaded = Trunk.load(NetworkFolder.weights(trunk), net, placement);
        try {
            return new Lpips(loaded, Heads.load(NetworkFolder.weights(heads), net, placement));
        } catch (Throwable e) {
            loaded.close();
            throw e;
        }
    }

    /** One to be trained. */
    public static Lpips of(LpipsNet net, Parameters trunk, Parameters heads) {
        return new Lpips(new Trunk(net, trunk), new Heads(net, heads));
    }

    /** Channels of the five maps. */
    public List<Integer> channels() {
        return heads.channels();
    }

    /** The network that is looked through. */
    public Network trunk() {
        return trunk;
    }

    /** How much its channels count; none below zero. */
    public Network heads() {
        return heads;
    }

    /**
     * What the network sees, from fine to coarse.
     *
     * @param pixels (batch, 3, height, width), -1 to 1
     * @return five maps (batch, channels, ...)
     */
    public List<Tensor> features(Tensor pixels) {
        return trunk.forward(scaled(pixels));
    }

    /**
     * @param a (batch, 3, height, width), -1 to 1
     * @param b the same
     * @return (batch)
     */
    public Tensor distance(Tensor a, Tensor b) {
        if (!java.util.Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException("LPIPS compares pictures of one size, found "
                    + java.util.Arrays.toString(a.shape()) + " and " + java.util.Arrays.toString(b.shape()));
        }
        if (Math.min(a.size(2), a.size(3)) < LEAST_SIDE) {
            throw new IllegalArgumentException(
                    "LPIPS needs sides of at least " + LEAST_SIDE + " pixels, found " + a.size(3) + "x" + a.size(2));
        }
        return Scope.result(() -> {
            return distance(features(a), features(b));
        });
    }

    /** The same from features. */
    public Tensor distance(List<Tensor> first, List<Tensor> second) {
        return Scope.result(() -> {
            Tensor sum = null;
            for (int i = 0; i < first.size(); i++) {
                Tensor difference = unit(first.get(i)).sub(unit(second.get(i))).square();
                Tensor layer = difference.mul(heads.weight(i)).sum(false, 1).mean(false, 1, 2);
                sum = sum == null ? layer : sum.add(layer);
            }
            return sum;
        });
    }

    private Tensor scaled(Tensor pixels) {
        Tensor shift = Tensor.of(SHIFT, 1, 3, 1, 1).to(trunk.device());
        Tensor scale = Tensor.of(SCALE, 1, 3, 1, 1).to(trunk.device());
        return pixels.to(trunk.device()).sub(shift).div(scale).to(trunk.dtype());
    }

    /** Each position's vector brought to length 1. */
    private static Tensor unit(Tensor map) {
        // The root of exactly zero has no gradient; this much more changes no digit of any other.
        return map.div(map.square().sum(true, 1).add(TINY).sqrt().add(EPS));
    }

    @Override
    public void close() {
        trunk.close();
        heads.close();
    }
}
