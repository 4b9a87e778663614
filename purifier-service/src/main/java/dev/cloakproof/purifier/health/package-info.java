/** What probes are told. */
package dev.cloakproof.purifier.health;
