/** Long work that calls ask for: resources with a state in the object store, and the worker that moves them. */
package dev.cloakproof.trainer.jobs;
