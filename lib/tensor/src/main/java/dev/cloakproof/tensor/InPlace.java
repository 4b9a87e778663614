package dev.cloakproof.tensor;

import java.util.List;

/**
 * Writes into tensors that exist already: parameters, optimizer state, running averages. Nothing here is recorded for
 * gradients, and the history of a graph that read a changed tensor is no longer valid.
 */
public final class InPlace {
    private InPlace() {}

    /** Takes over the values of {@code source}, cast to the target's type. */
    public static void copy(Tensor target, Tensor source) {
        quietly(() -> Torch.tensor("copy_into", target, source));
    }

    /** targets += sources, pairwise. */
    public static void add(List<Tensor> targets, List<Tensor> sources) {
        quietly(() -> Torch.truth("add_all", targets, sources));
    }

    public static void scale(List<Tensor> targets, double factor) {
        quietly(() -> Torch.truth("scale_all", targets, factor));
    }

    /** targets += weight * (sources - targets), pairwise. */
    public static void lerp(List<Tensor> targets, List<Tensor> sources, double weight) {
        quietly(() -> Torch.truth("lerp_all", targets, sources, weight));
    }

    /** The square root of the sum of squares over all elements of all tensors. */
    public static double globalNorm(List<Tensor> tensors) {
        return Torch.number("global_norm", tensors);
    }

    /**
     * One step of AdamW (Loshchilov and Hutter 2019) over all parameters in one call of libtorch's fused kernel.
     *
     * @param gradients contiguous: the kernel walks memory, not strides
     * @param step float32 scalar, the steps taken before; counted up
     */
    public static void adamW(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> means,
            List<Tensor> squares,
            Tensor step,
            double learningRate,
            double beta1,
            double beta2,
            double weightDecay,
            double eps) {
        quietly(() -> Torch.tensor(
                "adamw", parameters, gradients, means, squares, step, learningRate, beta1, beta2, weightDecay, eps));
    }

    /**
     * One step of AdamW over one parameter whose moments are stored as 8-bit codes with one scale a block.
     *
     * @param mean codes, uint8, padded to whole blocks
     * @param meanScale float32, one a block
     * @param tables levels and edges between levels of the mean's codes, then those of the square's
     * @param step the number of this step, from 1
     */
    public static void adamW8bit(
            Tensor parameter,
            Tensor gradient,
            Tensor mean,
            Tensor meanScale,
            Tensor square,
            Tensor squareScale,
            List<Tensor> tables,
            int block,
            long step,
            double learningRate,
            double beta1,
            double beta2,
            double weightDecay,
            double eps) {
        quietly(() -> Torch.tensor(
                "adamw_8bit",
                parameter,
                gradient,
                mean,
                meanScale,
                square,
                squareScale,
                tables,
                block,
                step,
                learningRate,
                beta1,
                beta2,
                weightDecay,
                eps));
    }

    private static void quietly(Runnable update) {
        try (var _ = Autograd.pause();
                var _ = Scope.open()) {
            update.run();
        }
    }
}
