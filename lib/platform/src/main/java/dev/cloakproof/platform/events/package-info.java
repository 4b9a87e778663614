/** Events on Kafka: records, dead letters and the idempotent stage runner. */
package dev.cloakproof.platform.events;
