package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.v1.PurifyResponse;
import java.util.concurrent.CompletableFuture;

/**
 * A picture on its way.
 *
 * @param work cancelling it stops the work
 * @param answer the translated result
 */
record Submission(CompletableFuture<Delivery> work, CompletableFuture<PurifyResponse> answer) {}
