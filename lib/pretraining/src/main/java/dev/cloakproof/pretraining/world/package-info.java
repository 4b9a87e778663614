/** What training looks at: pictures of the synthetic world, and what makes them worse. */
package dev.cloakproof.pretraining.world;
