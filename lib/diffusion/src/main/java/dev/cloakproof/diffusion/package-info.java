/** Latent diffusion models. */
package dev.cloakproof.diffusion;
