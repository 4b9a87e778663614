package dev.cloakproof.vision.perceptual;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Structural similarity (Wang et al. 2004) and its multi-scale form (Wang et al. 2003) as piq computes them, the library
 * of the published code: a Gaussian window of 11 pixels and sigma 1.5, no padding, the mean of the channels.
 */
public final class Ssim {
    private static final int WINDOW = 11;
    private static final double SIGMA = 1.5;
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;
    private static final double[] SCALES = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

    private Ssim() {}

    /**
     * -1 to 1, 1 for equal pictures. Pictures are first brought to a shorter side of about 256 by averaging.
     *
     * @param a (batch, 3, height, width), 0 to 1
     * @return (batch)
     */
    public static Tensor ssim(Tensor a, Tensor b) {
        check(a, b, WINDOW);
        return Scope.result(() -> {
            int factor = Math.max(1, (int) Math.rint(Math.min(a.size(2), a.size(3)) / 256.0));
            Tensor x = factor > 1 ? Functions.averagePool(a, factor, factor, 0) : a;
            Tensor y = factor > 1 ? Functions.averagePool(b, factor, factor, 0) : b;
            return maps(x, y).get(0).mean(false, 1);
        });
    }

    /**
     * 0 to 1, 1 for equal pictures; five scales, each half the one before.
     *
     * @throws IllegalArgumentException if a side is below 161 pixels: the smallest scale would not hold the window
     */
    public static Tensor multiScale(Tensor a, Tensor b) {
        check(a, b, (WINDOW - 1) * (1 << (SCALES.length - 1)) + 1);
        return Scope.result(() -> {
            Tensor x = a;
            Tensor y = b;
            Tensor product = null;
            for (int scale = 0; scale < SCALES.length; scale++) {
                if (scale > 0) {
                    x = halved(x);
                    y = halved(y);
                }
                List<Tensor> maps = maps(x, y);
                Tensor part = scale == SCALES.length - 1 ? maps.get(0) : maps.get(1);
                Tensor factor = Functions.relu(part).pow(SCALES[scale]);
                product = product == null ? factor : product.mul(factor);
            }
            return product.mean(false, 1);
        });
    }

    /** Where a side is odd, the first row and the first column count twice, both of them. */
    private static Tensor halved(Tensor x) {
        Tensor even = x;
        if (x.size(2) % 2 + x.size(3) % 2 > 0) {
            Tensor wider = Tensor.cat(List.of(x.narrow(3, 0, 1), x), 3);
            even = Tensor.cat(List.of(wider.narrow(2, 0, 1), wider), 2);
        }
        return Functions.averagePool(even, 2, 2, 0);
    }

    /** Similarity, and its contrast and structure alone, of each channel: two of (batch, 3). */
    private static List<Tensor> maps(Tensor x, Tensor y) {
        Tensor meanX = filtered(x);
        Tensor meanY = filtered(y);
        Tensor varianceX = filtered(x.square()).sub(meanX.square());
        Tensor varianceY = filtered(y.square()).sub(meanY.square());
        Tensor covariance = filtered(x.mul(y)).sub(meanX.mul(meanY));
        Tensor structure =
                covariance.mul(2.0).add(C2).div(varianceX.add(varianceY).add(C2));
        Tensor brightness = meanX.mul(meanY)
                .mul(2.0)
                .add(C1)
                .div(meanX.square().add(meanY.square()).add(C1));
        return List.of(brightness.mul(structure).mean(false, 2, 3), structure.mean(false, 2, 3));
    }

    private static Tensor filtered(Tensor x) {
        return Functions.conv2d(x, window().to(x.device()).to(x.dtype()), null, 1, 0, 3);
    }

    /** (3, 1, 11, 11): each channel by itself. */
    private static Tensor window() {
        double[] row = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = i - (WINDOW - 1) / 2;
            row[i] = Math.exp(-distance * distance / (2 * SIGMA * SIGMA));
            sum += row[i];
        }
        float[] values = new float[3 * WINDOW * WINDOW];
        for (int i = 0; i < values.length; i++) {
            int cell = i % (WINDOW * WINDOW);
            values[i] = (float) (row[cell / WINDOW] * row[cell % WINDOW] / (sum * sum));
        }
        return Tensor.of(values, 3, 1, WINDOW, WINDOW);
    }

    private static void check(Tensor a, Tensor b, int least) {
        if (!Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException("SSIM compares pictures of one size, found " + Arrays.toString(a.shape())
                    + " and " + Arrays.toString(b.shape()));
        }
        if (Math.min(a.size(2), a.size(3)) < least) {
            throw new IllegalArgumentException(
                    "SSIM needs sides of at least " + least + " pixels here, found " + a.size(3) + "x" + a.size(2));
        }
    }
}
