/** What probes are told of store and broker. */
package dev.cloakproof.service.health;
