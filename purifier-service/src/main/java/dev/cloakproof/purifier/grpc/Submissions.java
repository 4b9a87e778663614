package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.purifier.work.Input;
import dev.cloakproof.purifier.work.Order;
import dev.cloakproof.purifier.work.Outcome;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurifyResponse;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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
    Submission<PurifyResponse> submit(Picture picture, Plan plan, Optional<Instant> deadline) {
        Input input = new Input.Encoded(picture.getContent().toByteArray());
        return submit(input, plan, deadline, delivery -> responses.of(picture.getName(), input, plan, delivery));
    }

    /**
     * Hands over a picture of whatever form.
     *
     * @param answer made of the purified picture by the queue's thread
     * @throws dev.cloakproof.platform.errors.CloakproofException if the queue does not take it
     */
    <A> Submission<A> submit(Input input, Plan plan, Optional<Instant> deadline, Function<Delivery, A> answer) {
        CompletableFuture<Outcome> work = purifications.submit(Order.of(input, plan), deadline);
        return new Submission<>(work, work.thenApply(outcome -> answer.apply(outcome.orThrow())));
    }
}
