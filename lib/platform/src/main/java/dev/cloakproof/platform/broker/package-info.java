/** A real Kafka broker as a child process, for tests and for one machine. */
package dev.cloakproof.platform.broker;
