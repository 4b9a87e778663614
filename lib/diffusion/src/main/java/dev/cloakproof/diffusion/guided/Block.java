package dev.cloakproof.diffusion.guided;

import dev.cloakproof.tensor.Tensor;

/** Feature maps in, feature maps out. */
interface Block {
    /**
     * @param x (batch, channels, height, width)
     * @param time (batch, timeWidth), the time embedding after SiLU
     */
    Tensor forward(Tensor x, Tensor time);
}
