/** What turns gradients into better parameters. Float32 parameters only; state lives on the parameters' device. */
package dev.cloakproof.tensor.optim;
