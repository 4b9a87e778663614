package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.block.BatchNorm;

/** A convolution without bias and the batch normalisation after it, which the file numbers 0 and 1. */
final class ConvNorm {
    private final Conv2d conv;
    private final BatchNorm norm;

    ConvNorm(Parameters p, int in, int out, int kernel) {
        this(p.at(0), p.at(1), in, out, kernel, 1);
    }

    ConvNorm(Parameters conv, Parameters norm, int in, int out, int kernel, int stride) {
        this.conv = new Conv2d(conv, in, out, kernel, stride, kernel / 2, false);
        this.norm = new BatchNorm(norm, out);
    }

    Tensor forward(Tensor x) {
        return norm.forward(conv.forward(x));
    }
}
