/** Bounded queues and dynamic batches. */
package dev.cloakproof.platform.limits;
