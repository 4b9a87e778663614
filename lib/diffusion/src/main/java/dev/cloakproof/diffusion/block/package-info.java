/** Blocks that the UNet and the autoencoder share. Feature maps are (batch, channels, height, width). */
package dev.cloakproof.diffusion.block;
