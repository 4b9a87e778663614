/** Layers that several networks share. Feature maps are (batch, channels, height, width). */
package dev.cloakproof.vision.block;
