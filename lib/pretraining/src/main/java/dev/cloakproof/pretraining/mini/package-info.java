/** The mini pack: the shapes of its networks and the lesson of each. */
package dev.cloakproof.pretraining.mini;
