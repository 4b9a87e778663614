/** The text encoder: token ids in, the context of a diffusion model out. */
package dev.cloakproof.diffusion.text;
