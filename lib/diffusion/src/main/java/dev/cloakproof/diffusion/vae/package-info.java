/** The autoencoder between pictures and latents. */
package dev.cloakproof.diffusion.vae;
