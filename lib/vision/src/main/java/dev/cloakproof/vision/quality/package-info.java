/** How good a picture looks without anything to compare it with, told by CLIP. */
package dev.cloakproof.vision.quality;
