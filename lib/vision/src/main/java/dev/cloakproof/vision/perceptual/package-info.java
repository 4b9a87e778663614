/** How alike two pictures look: LPIPS, SSIM and its relatives. */
package dev.cloakproof.vision.perceptual;
