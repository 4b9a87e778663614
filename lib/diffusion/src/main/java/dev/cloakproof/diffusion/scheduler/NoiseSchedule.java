package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The noise that training adds at each timestep, 0 the least. Immutable, shared by threads.
 *
 * <p>betas and alphas are float32; their running product is kept in double and rounded to float32 at each timestep, as
 * PyTorch's {@code cumprod} does on the CPU. All values are equal to the reference's.
 *
 * <p>Source: Ho et al. 2020, equation 4; scheduling_ddpm.py.
 */
public final class NoiseSchedule {
    private final float[] betas;
    private final float[] alphasCumprod;

    private NoiseSchedule(float[] betas) {
        this.betas = betas;
        this.alphasCumprod = new float[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            product *= 1 - betas[t];
            alphasCumprod[t] = (float) product;
        }
    }

    public static NoiseSchedule of(SchedulerConfig config) {
        return new NoiseSchedule(
                config.betaSchedule().betas(config.betaStart(), config.betaEnd(), config.numTrainTimesteps()));
    }

    /** How many timesteps there are. */
    public int timesteps() {
        return betas.length;
    }

    public float beta(long timestep) {
        return betas[index(timestep)];
    }

    /** The product of 1 - beta up to and with {@code timestep}, in (0, 1). */
    public float alphaCumprod(long timestep) {
        return alphasCumprod[index(timestep)];
    }

    /** Noise over signal: sqrt((1 - a) / a). */
    public float sigma(long timestep) {
        float a = alphaCumprod(timestep);
        return (float) Math.sqrt((1 - a) / a);
    }

    /** The signal-to-noise ratio a / (1 - a), which loss weights use (Hang et al. 2023). */
    public double snr(long timestep) {
        double a = alphaCumprod(timestep);
        return a / (1 - a);
    }

    public NoiseLevel level(long timestep) {
        return NoiseLevel.ofAlphaCumprod(alphaCumprod(timestep));
    }

    /**
     * A sample of q(x_t | x_0): sqrt(a) * original + sqrt(1 - a) * noise.
     *
     * @param original (batch, ...), float32
     * @param noise of the same shape, standard normal
     * @param timesteps one an item of the batch
     */
    public Tensor addNoise(Tensor original, Tensor noise, long[] timesteps) {
        try (var scope = Scope.open()) {
            Tensor signals = perItem(original, noise, timesteps, NoiseLevel::signal);
            Tensor noises = perItem(original, noise, timesteps, NoiseLevel::noise);
            return scope.keep(original.mul(signals).add(noise.mul(noises)));
        }
    }

    /**
     * What a v-predicting network is trained to give: sqrt(a) * noise - sqrt(1 - a) * original. Parameters as in
     * {@link #addNoise}.
     */
    public Tensor velocity(Tensor original, Tensor noise, long[] timesteps) {
        try (var scope = Scope.open()) {
            Tensor signals = perItem(original, noise, timesteps, NoiseLevel::signal);
            Tensor noises = perItem(original, noise, timesteps, NoiseLevel::noise);
            return scope.keep(noise.mul(signals).sub(original.mul(noises)));
        }
    }

    /** (batch, 1, 1, ...). */
    private Tensor perItem(Tensor original, Tensor noise, long[] timesteps, ToDoubleFunction<NoiseLevel> coefficient) {
        long[] shape = original.shape();
        if (!Arrays.equals(shape, noise.shape()) || shape.length == 0 || shape[0] != timesteps.length) {
            throw new IllegalArgumentException(
                    "a batch " + original + " needs noise of its shape and a timestep an item, " + "not " + noise
                            + " and " + timesteps.length + " timesteps");
        }
        var values = new float[timesteps.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) coefficient.applyAsDouble(level(timesteps[i]));
        }
        Arrays.fill(shape, 1, shape.length, 1);
        return Tensor.of(values, shape).to(original.device());
    }

    private int index(long timestep) {
        if (timestep < 0 || timestep >= betas.length) {
            throw new IllegalArgumentException("timestep " + timestep + " is not in [0, " + betas.length + ")");
        }
        return (int) timestep;
    }
}
