/** Writing files so that a reader sees the old one or the new one, never a part. */
package dev.cloakproof.tensor.file;
