/** Blocks that the networks share. Feature maps are (batch, channels, height, width). */
package dev.cloakproof.diffusion.block;
