/** Face restoration: CodeFormer, and ParseNet for the mask with which its result is pasted back. */
package dev.cloakproof.vision.restore;
