package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Tensor;

/**
 * The state of one run down the noise levels; for one thread. For {@code call} from 0 to {@link #calls()} - 1 the
 * network gets {@link #scale}d latents and {@link #timestep}, and its prediction goes to {@link #step}.
 *
 * <p>Results belong to the caller's scope. What a method remembers of earlier calls belongs to the trajectory and is
 * freed with the last call or by {@link #close()}, whichever is first; so a run that fails or is cancelled leaks nothing
 * when it is closed.
 */
public interface Trajectory extends AutoCloseable {
    /** How often the network is called; PNDM has one call more than steps. */
    int calls();

    /** What the network is told, in [0, training timesteps); a fraction for Euler with "linspace". */
    double timestep(int call);

    /** What standard normal noise is multiplied by to be the first latents (diffusers' {@code init_noise_sigma}). */
    double initialNoise();

    /**
     * What the network gets for {@code sample} ({@code scale_model_input}); may be {@code sample} itself.
     *
     * @param sample (batch, channels, height, width), or any other shape
     */
    Tensor scale(int call, Tensor sample);

    /** A clean latent at the noise level of call 0, to begin from a picture. */
    Tensor addNoise(Tensor original, Tensor noise);

    /**
     * The latents after {@code call}. Calls come in order, each once; a call that failed may be repeated.
     *
     * @param prediction the network's output, of the shape of {@code sample} and any floating type
     * @param sample the latents before scaling, float32
     * @param noise the request's stream; only DDPM, and DDIM with eta above 0, draw from it, one draw of the sample's
     *     shape a call. May be null for the others.
     * @return float32
     */
    Tensor step(int call, Tensor prediction, Tensor sample, Noise noise);

    /** Frees what is remembered. Closing twice is harmless. */
    @Override
    void close();
}
