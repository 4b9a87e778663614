/** Protective perturbations: what the training is measured against. Budgets are in levels of 8-bit pictures. */
package dev.cloakproof.trainer.protect;
