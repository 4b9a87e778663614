package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Affine;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** x (batch, in, height, width) -> (batch, out, ...), square kernel, zero padding. */
public final class Conv2d {
    private final Tensor weight; // (out, in, kernel, kernel)
    private final Tensor bias; // (out), or null
    private final int stride;
    private final int padding;

    /** A convolution that keeps height and width. */
    public Conv2d(Parameters p, long in, long out, int kernel) {
        this(p, in, out, kernel, Init.fanIn(in * kernel * kernel));
    }

    /**
     * As above.
     *
     * @param init how weight and bias start
     */
    public Conv2d(Parameters p, long in, long out, int kernel, Init init) {
        this(p, in, out, kernel, 1, kernel / 2, true, init);
    }

    public Conv2d(Parameters p, long in, long out, int kernel, int stride, int padding, boolean biased) {
        this(p, in, out, kernel, stride, padding, biased, Init.fanIn(in * kernel * kernel));
    }

    private Conv2d(Parameters p, long in, long out, int kernel, int stride, int padding, boolean biased, Init init) {
        weight = p.get("weight", init, out, in, kernel, kernel);
        bias = biased ? p.get("bias", init, out) : null;
        this.stride = stride;
        this.padding = padding;
    }

    public Tensor forward(Tensor x) {
        return Functions.conv2d(x, weight, bias, stride, padding, 1);
    }

    public Affine affine() {
        return new Affine(weight, bias);
    }
}
