package dev.cloakproof.trainer.jobs;

import com.google.protobuf.Message;
import dev.cloakproof.platform.work.WorkContext;

/**
 * A kind of job, whose message has the fields {@code name}, {@code subject}, {@code pictures}, {@code state}, {@code progress},
 * {@code failure}, {@code create_time}, {@code start_time} and {@code end_time}.
 *
 * @param <M> the message
 */
public interface JobKind<M extends Message> {
    /** The collection in the names, such as {@code trainings}. */
    String collection();

    /** The empty message. */
    M empty();

    /**
     * Looks at a request before it is queued.
     *
     * @return the request without the fields that the server sets
     * @throws dev.cloakproof.platform.errors.CloakproofException what is wrong with it
     */
    M checked(M asked);

    /**
     * Does the work. Done twice, it gives the same.
     *
     * @return the job with its outputs; its state is set by the caller
     */
    M work(M job, WorkContext context) throws Exception;
}
