/** The stage of the line: model.trained in, images.sampled out. */
package dev.cloakproof.sampler.events;
