/**
 * Pictures in plain Java: reading, writing, resizing and blurring, byte for byte as Pillow does it.
 *
 * <p>The published experiments hand pictures around as Pillow images, so a difference of one level in a resize is a
 * difference in what a perturbation survives. Nothing here needs the engine.
 */
package dev.cloakproof.tensor.image;
