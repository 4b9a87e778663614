package dev.cloakproof.diffusion.block;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.List;

/** Timesteps as sinusoids (Ho et al. 2020, after Vaswani et al. 2017) through a perceptron. */
public final class TimeEmbedding {
    private final int width;
    private final Linear linear1;
    private final Linear linear2;

    /**
     * @param first parameters of the first layer
     * @param second parameters of the second layer
     * @param width of the sinusoids, even
     */
    public TimeEmbedding(Parameters first, Parameters second, int width, int out) {
        this.width = width;
        linear1 = new Linear(first, width, out);
        linear2 = new Linear(second, out, out);
    }

    /** timesteps (batch), any number type -> (batch, out) in {@code dtype}. */
    public Tensor forward(Tensor timesteps, DType dtype) {
        return linear2.forward(
                Functions.silu(linear1.forward(sinusoids(timesteps).to(dtype))));
    }

    /** Always float32: the angles reach 1000, where bfloat16 has no fractions. */
    private Tensor sinusoids(Tensor timesteps) {
        int half = width / 2;
        Tensor frequencies =
                Tensor.range(half).mul(-Math.log(10_000) / half).exp().to(timesteps.device());
        Tensor angles = timesteps.to(DType.F32).reshape(timesteps.size(0), 1).mul(frequencies);
        return Tensor.cat(List.of(angles.cos(), angles.sin()), 1); // (batch, width)
    }
}
