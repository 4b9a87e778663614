/** Layers and their named parameters. */
package dev.cloakproof.tensor.nn;
