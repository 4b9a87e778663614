/** The error catalogue and its way over gRPC. */
package dev.cloakproof.platform.errors;
