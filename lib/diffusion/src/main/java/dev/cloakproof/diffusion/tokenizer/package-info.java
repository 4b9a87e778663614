/** The CLIP tokenizer: text to the numbers that Stable Diffusion's text encoder takes. */
package dev.cloakproof.diffusion.tokenizer;
