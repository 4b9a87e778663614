/** The stage of the line: images.purified in, model.trained out. */
package dev.cloakproof.trainer.events;
