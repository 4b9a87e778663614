package dev.cloakproof.platform.events;

import com.google.protobuf.Message;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.Stage;

/**
 * What a service supplies to make a stage of a run: it translates the event to its domain's terms, has the domain do
 * the work, and translates the result back. The domain itself sees a {@link WorkContext} and no message.
 *
 * @param <I> payload of the event that asks for the work
 * @param <O> payload of the event that says it is done
 */
public interface StageHandler<I extends Message, O extends Message> {
    Stage stage();

    EventType<I> consumes();

    EventType<O> produces();

    RunContext context(I asked);

    /**
     * Does the work and stores its outputs as blobs. The same payload gives the same outputs.
     *
     * @param context asked for at every step; what its check throws must pass through
     * @throws Exception what {@link dev.cloakproof.platform.errors.Problems} finds in it decides what happens next
     */
    O work(I asked, WorkContext context) throws Exception;
}
