/** The contracts' services, translated to jobs. */
package dev.cloakproof.trainer.grpc;
