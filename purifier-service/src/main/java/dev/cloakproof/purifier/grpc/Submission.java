package dev.cloakproof.purifier.grpc;

import java.util.concurrent.CompletableFuture;

/**
 * A picture on its way.
 *
 * @param work cancelling it withdraws the picture
 * @param answer the translated result
 */
record Submission<A>(CompletableFuture<?> work, CompletableFuture<A> answer) {}
