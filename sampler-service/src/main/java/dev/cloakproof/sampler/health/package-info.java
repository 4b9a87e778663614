/** Whether the service takes work. */
package dev.cloakproof.sampler.health;
