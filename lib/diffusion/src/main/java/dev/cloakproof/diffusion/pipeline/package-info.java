/** Whole models and what one does with them: text to image, image to image, enlarging. */
package dev.cloakproof.diffusion.pipeline;
