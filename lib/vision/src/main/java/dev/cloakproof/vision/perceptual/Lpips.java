package dev.cloakproof.vision.perceptual;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
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
    /** Below this the pooling of AlexNet leaves nothing of a picture. */
    private static final int LEAST_SIDE = 32;

    private final Trunk trunk;
    private final Heads heads;

    Lpips(Trunk trunk, Heads heads) {
        this.trunk = trunk;
        this.heads = heads;
    }

    /**
     * @param trunk torchvision's ImageNet file of the network
     * @param heads the authors' {@code weights/v0.1/alex.pth} or {@code vgg.pth}
     */
    public static Lpips load(LpipsNet net, Path trunk, Path heads, Placement placement) {
        Trunk loaded = Trunk.load(trunk, net, placement);
        try {
            return new Lpips(loaded, Heads.load(heads, net, placement));
        } catch (Throwable e) {
            loaded.close();
            throw e;
        }
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
            List<Tensor> first = trunk.forward(scaled(a));
            List<Tensor> second = trunk.forward(scaled(b));
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
        return map.div(map.square().sum(true, 1).sqrt().add(EPS));
    }

    @Override
    public void close() {
        trunk.close();
        heads.close();
    }
}
