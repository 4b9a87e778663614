package dev.cloakproof.tensor;

/**
 * The larger differentiable operations. Where a weight's type differs from the input's, the weight is cast for the
 * call, so that float32 masters can serve bfloat16 activations. Feature maps are (batch, channels, height, width).
 */
public final class Functions {
    private Functions() {}

    /** x (..., in), weight (out, in), bias (out) or null -> (..., out). */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return Torch.tensor("linear", x, weight, bias);
    }

    /**
     * The one convolution of this project: libtorch's own is silently wrong for some channel counts (docs/adr/0002).
     *
     * @param x (batch, in, height, width)
     * @param weight (out, in / groups, kernel, kernel)
     * @param bias (out), or null
     */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, int stride, int padding, int groups) {
        return Torch.tensor("conv2d", x, weight, bias, stride, padding, groups);
    }

    public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double eps) {
        return Torch.tensor("group_norm", x, groups, weight, bias, eps);
    }

    /** Batch normalisation with the statistics seen in training; {@code mean} and {@code variance} are (channels). */
    public static Tensor batchNorm(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double eps) {
        return Torch.tensor("batch_norm", x, weight, bias, mean, variance, eps);
    }

    /**
     * Batch normalisation with the batch's own statistics. {@code mean} and {@code variance}, (channels) without
     * gradients, move towards them by {@code momentum}, the variance as the unbiased one.
     */
    public static Tensor batchNormTraining(
            Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double momentum, double eps) {
        return Torch.tensor("batch_norm_training", x, weight, bias, mean, variance, momentum, eps);
    }

    /**
     * The mean cross entropy of class scores.
     *
     * @param logits (batch, classes, ...)
     * @param targets int64 (batch, ...), 0 to classes - 1
     * @param ignored a target that does not count
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets, int ignored) {
        return Torch.tensor("cross_entropy", logits, targets, ignored);
    }

    /** Over the last dimension. */
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        return Torch.tensor("layer_norm", x, weight, bias, eps);
    }

    /** weight (rows, width), indices (...) int64 -> (..., width). */
    public static Tensor embedding(Tensor weight, Tensor indices) {
        return Torch.tensor("embedding", weight, indices);
    }

    /**
     * Multi-head scaled dot-product attention; memory grows with tokens, not with their square.
     *
     * @param query (batch, tokens, heads * d)
     * @param key (batch, keys, heads * d)
     * @param value (batch, keys, heads * d)
     * @param causal whether a token sees only itself and those before it
     * @return (batch, tokens, heads * d)
     */
    public static Tensor attention(Tensor query, Tensor key, Tensor value, int heads, boolean causal) {
        return Torch.tensor("attention", query, key, value, heads, causal);
    }

    /**
     * A residual block: x + conv2(silu(norm2(conv1(silu(norm1(x))) + time))), the first x through {@code shortcut}
     * where that is given. One call, so that its large intermediate results die inside.
     *
     * @param x (batch, in, height, width)
     * @param time (batch, out), or null
     * @param shortcut a 1x1 convolution, or null where in equals out
     */
    public static Tensor resnet(
            Tensor x,
            Tensor time,
            Affine norm1,
            Affine conv1,
            Affine norm2,
            Affine conv2,
            Affine shortcut,
            int groups,
            double eps) {
        return Torch.tensor(
                "resnet",
                x,
                time,
                norm1.weight(),
                norm1.bias(),
                conv1.weight(),
                conv1.bias(),
                norm2.weight(),
                norm2.bias(),
                conv2.weight(),
                conv2.bias(),
                shortcut == null ? null : shortcut.weight(),
                shortcut == null ? null : shortcut.bias(),
                groups,
                eps);
    }

    /** A two-layer perceptron whose first layer's halves are multiplied as a * gelu(b) (Shazeer 2020). */
    public static Tensor geglu(Tensor x, Affine in, Affine out) {
        return Torch.tensor("geglu", x, in.weight(), in.bias(), out.weight(), out.bias());
    }

    /** A two-layer perceptron with {@link #gelu} between. */
    public static Tensor mlpGelu(Tensor x, Affine in, Affine out) {
        return Torch.tensor("mlp_gelu", x, in.weight(), in.bias(), out.weight(), out.bias());
    }

    /** A two-layer perceptron with {@link #quickGelu} between. */
    public static Tensor mlpQuickGelu(Tensor x, Affine in, Affine out) {
        return Torch.tensor("mlp_quick_gelu", x, in.weight(), in.bias(), out.weight(), out.bias());
    }

    public static Tensor silu(Tensor x) {
        return Torch.tensor("silu", x);
    }

    /** The exact form with the error function. */
    public static Tensor gelu(Tensor x) {
        return Torch.tensor("gelu", x);
    }

    /** x * sigmoid(1.702 x), as OpenAI's CLIP has it. */
    public static Tensor quickGelu(Tensor x) {
        return Torch.tensor("quick_gelu", x);
    }

    public static Tensor relu(Tensor x) {
        return Torch.tensor("relu", x);
    }

    /** x where it is positive, slope * x elsewhere. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Torch.tensor("leaky_relu", x, slope);
    }

    /** As {@link #leakyRelu} with one slope a channel, or one for all. */
    public static Tensor prelu(Tensor x, Tensor slopes) {
        return Torch.tensor("prelu", x, slopes);
    }

    public static Tensor sigmoid(Tensor x) {
        return Torch.tensor("sigmoid", x);
    }

    public static Tensor tanh(Tensor x) {
        return Torch.tensor("tanh", x);
    }

    public static Tensor softmax(Tensor x, int dimension) {
        return Torch.tensor("softmax", x, dimension);
    }

    /** Nearest-neighbour resizing of (batch, channels, h, w) to (batch, channels, height, width). */
    public static Tensor upsampleNearest(Tensor x, long height, long width) {
        return Torch.tensor("upsample_nearest", x, height, width);
    }

    /** Adds constant columns and rows around a feature map. */
    public static Tensor pad(Tensor x, int left, int right, int top, int bottom, double value) {
        return Torch.tensor("pad", x, new long[] {left, right, top, bottom}, value);
    }

    /** Mirrors a feature map at its edges, whose own rows and columns are not repeated. */
    public static Tensor reflectionPad(Tensor x, int left, int right, int top, int bottom) {
        return Torch.tensor("reflection_pad", x, new long[] {left, right, top, bottom});
    }

    /** The largest value of each window; what the padding adds never wins. */
    public static Tensor maxPool(Tensor x, int kernel, int stride, int padding) {
        return Torch.tensor("max_pool", x, kernel, stride, padding);
    }

    /** The mean of each window, in which the padding counts as zeros. */
    public static Tensor averagePool(Tensor x, int kernel, int stride, int padding) {
        return Torch.tensor("average_pool", x, kernel, stride, padding);
    }

    /** Mean of squared differences over all elements. */
    public static Tensor mse(Tensor a, Tensor b) {
        return a.sub(b).square().mean();
    }
}
