package dev.cloakproof.diffusion.vae;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;

/**
 * The normal distribution of a picture's latents, before the scaling factor.
 *
 * @param mean (batch, latent channels, h, w); also the mode
 * @param logVariance the same shape, within [-30, 20]
 */
public record Posterior(Tensor mean, Tensor logVariance) {

    /** A draw; the noise comes from the CPU in float32. */
    public Tensor sample(Generator generator) {
        return sample(generator.normal(mean.shape()));
    }

    /** mean + standard deviation * noise. */
    public Tensor sample(Tensor noise) {
        Tensor deviation = logVariance.mul(0.5).exp();
        return mean.add(deviation.mul(noise.to(mean.device()).to(mean.dtype())));
    }
}
