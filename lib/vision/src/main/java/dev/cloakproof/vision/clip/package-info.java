/** CLIP: pictures and sentences in one space (Radford et al. 2021). */
package dev.cloakproof.vision.clip;
