package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.purifier.work.Order;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.v1.Picture;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Hands pictures to the queue. */
@Singleton
class Submissions {
    private final Purifications purifications;
    private final Responses responses;

    Submissions(Purifications purifications, Responses responses) {
        this.purifications = purifications;
        this.responses = responses;
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException if the queue does not take it */
    Submission submit(Picture picture, Plan plan, Optional<Instant> deadline) {
        Order order = new Order(
                picture.getContent().toByteArray(),
                plan.chain(),
                plan.parameters().getSeed(),
                plan.parameters().getClassNoun());
        CompletableFuture<Delivery> work = purifications.submit(order, deadline);
        return new Submission(work, work.thenApply(delivery -> responses.of(picture, plan, delivery)));
    }
}
