/**
 * Diffusion on pixels without any condition: the networks of OpenAI's guided-diffusion (Dhariwal and Nichol 2021), with
 * which several purifiers draw adversarial noise over.
 */
package dev.cloakproof.diffusion.guided;
