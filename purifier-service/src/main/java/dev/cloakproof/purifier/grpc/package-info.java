/** The contract over gRPC: translates and decides nothing. */
package dev.cloakproof.purifier.grpc;
