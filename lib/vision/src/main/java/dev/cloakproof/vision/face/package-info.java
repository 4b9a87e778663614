/** Finding faces, bringing them to a common frame, and putting them back. */
package dev.cloakproof.vision.face;
