/** Who is in a picture: face embeddings by ArcFace and VGG-Face. */
package dev.cloakproof.vision.identity;
