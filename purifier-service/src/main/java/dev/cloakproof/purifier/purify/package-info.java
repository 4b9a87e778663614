/** Purification: chains of named steps that take a protective perturbation off a picture. No transport here. */
package dev.cloakproof.purifier.purify;
