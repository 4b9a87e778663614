/** The denoising network. */
package dev.cloakproof.diffusion.unet;
