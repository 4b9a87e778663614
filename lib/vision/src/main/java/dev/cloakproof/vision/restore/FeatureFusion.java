package dev.cloakproof.vision.restore;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.List;

/** Bends generator features towards those of the input by a learned scale and shift, in the measure of the fidelity. */
final class FeatureFusion {
    private static final double SLOPE = 0.2;

    private final Step encoder;
    private final Step scale;
    private final Step shift;

    FeatureFusion(Parameters p, int groups, int channels) {
        encoder = Step.residual(p.at("encode_enc"), groups, 2 * channels, channels);
        scale = pair(p.at("scale"), channels);
        shift = pair(p.at("shift"), channels);
    }

    private static Step pair(Parameters p, int channels) {
        var first = new Conv2d(p.at(0), channels, channels, 3);
        var second = new Conv2d(p.at(2), channels, channels, 3);
        return x -> second.forward(Functions.leakyRelu(first.forward(x), SLOPE));
    }

    Tensor forward(Tensor encoded, Tensor decoded, double fidelity) {
        Tensor joint = encoder.forward(Tensor.cat(List.of(encoded, decoded), 1));
        Tensor change = decoded.mul(scale.forward(joint)).add(shift.forward(joint));
        return decoded.add(change, fidelity);
    }
}
