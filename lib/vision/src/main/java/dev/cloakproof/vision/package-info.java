/** Networks that restore pictures and look at them: faces, CLIP, perceptual distances. */
package dev.cloakproof.vision;
