/** The stages of a service as consumers that start and drain with it. */
package dev.cloakproof.service.events;
