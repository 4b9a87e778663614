/** The lessons of the networks that look: faces found, told apart and labelled, pictures judged. */
package dev.cloakproof.pretraining.perception;
