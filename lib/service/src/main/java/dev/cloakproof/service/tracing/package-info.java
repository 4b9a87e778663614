/** One trace a run: what spans say, and how their context travels with events. */
package dev.cloakproof.service.tracing;
