package dev.cloakproof.pretraining.mini;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** How far a drawn picture (batch, 3, height, width) is from the one that was wanted. */
final class PictureLoss {
    private PictureLoss() {}

    /** The absolute error at three scales, that of the differences between neighbours, and some squared error. */
    static Tensor of(Tensor drawn, Tensor wanted) {
        return absolute(drawn, wanted)
                .add(pooled(drawn, wanted, 2), 0.5)
                .add(pooled(drawn, wanted, 4), 0.5)
                .add(edges(drawn, wanted), 0.5)
                .add(Functions.mse(drawn, wanted), 2);
    }

    /** Decibels, for values in [-1, 1]. */
    static double psnr(Tensor drawn, Tensor wanted) {
        return 10 * Math.log10(4 / Functions.mse(drawn, wanted).item());
    }

    private static Tensor absolute(Tensor a, Tensor b) {
        return a.sub(b).abs().mean();
    }

    private static Tensor pooled(Tensor a, Tensor b, int by) {
        return absolute(Functions.averagePool(a, by, by, 0), Functions.averagePool(b, by, by, 0));
    }

    private static Tensor edges(Tensor a, Tensor b) {
        Tensor error = a.sub(b);
        long height = error.size(2);
        long width = error.size(3);
        Tensor down = error.narrow(2, 1, height - 1).sub(error.narrow(2, 0, height - 1));
        Tensor across = error.narrow(3, 1, width - 1).sub(error.narrow(3, 0, width - 1));
        return down.abs().mean().add(across.abs().mean());
    }
}
