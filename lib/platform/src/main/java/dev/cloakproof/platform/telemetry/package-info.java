/** Names of metrics and labels. */
package dev.cloakproof.platform.telemetry;
