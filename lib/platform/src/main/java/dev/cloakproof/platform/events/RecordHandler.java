package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.Problem;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Handles records, one at a time, on a worker thread. The same record may come again: handlers are idempotent. */
public interface RecordHandler {
    /**
     * Handles a record. Returning acknowledges it: everything that must outlive a crash is stored by then.
     *
     * @throws Exception what {@link dev.cloakproof.platform.errors.Problems} finds in it decides: retryable problems
     *     are tried again, all others go to the dead letters
     */
    void handle(ConsumerRecord<String, byte[]> given) throws Exception;

    /** Told before a record goes to the dead letters. Not called for records that were handled. */
    default void givenUp(ConsumerRecord<String, byte[]> given, Problem why) {}
}
