/** The contract's SamplingService. */
package dev.cloakproof.sampler.grpc;
