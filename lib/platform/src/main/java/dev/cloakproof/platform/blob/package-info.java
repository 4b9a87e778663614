/** Bytes by their hash, over a file system or S3. */
package dev.cloakproof.platform.blob;
