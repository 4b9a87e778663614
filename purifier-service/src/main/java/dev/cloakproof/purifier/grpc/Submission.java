package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.work.Delivery;
import java.util.concurrent.CompletableFuture;

/**
 * A picture on its way.
 *
 * @param work cancelling it stops the work
 * @param answer the translated result
 */
record Submission<A>(CompletableFuture<Delivery> work, CompletableFuture<A> answer) {}
