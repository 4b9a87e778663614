package dev.cloakproof.platform.events;

import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.Sha256;
import java.time.Instant;
import java.util.Optional;

/**
 * An event with its CloudEvents attributes.
 *
 * @param type what kind it is
 * @param id unique together with source; the same event published twice has the same id
 * @param source the service that published it, such as {@code /purifier}
 * @param subject the resource it is about, such as {@code runs/r-1}
 * @param time when it happened
 * @param correlationId the run id, the same for all events of a run; of events about no run, the subject's hash
 * @param causationId id of the event that led to this one, if any
 * @param traceparent W3C trace context, if any
 * @param payload the facts
 * @param <M> the payload
 */
public record Event<M extends Message>(
        EventType<M> type,
        String id,
        String source,
        String subject,
        Instant time,
        String correlationId,
        Optional<String> causationId,
        Optional<String> traceparent,
        M payload) {

    /** First event of a run; the id makes a repeated publication recognisable. */
    public static <M extends Message> Event<M> first(
            EventType<M> type, String id, String source, String run, Instant time, M payload) {
        return new Event<>(type, id, source, "runs/" + run, time, run, Optional.empty(), Optional.empty(), payload);
    }

    /**
     * An event about a subject, whose name stays out of it.
     *
     * @param subjectSha256 the subject's hash, which is the correlation id too
     */
    public static <M extends Message> Event<M> ofSubject(
            EventType<M> type, String id, String source, String subjectSha256, Instant time, M payload) {
        return new Event<>(
                type,
                id,
                source,
                "subjects/" + subjectSha256,
                time,
                subjectSha256,
                Optional.empty(),
                Optional.empty(),
                payload);
    }

    /**
     * An event that this one leads to. Its id depends on this one, its type and the qualifier only: a stage that is
     * done again publishes the same event again.
     *
     * @param qualifier tells apart several events of one type with one cause; empty if there is only one
     */
    public <N extends Message> Event<N> leadsTo(
            EventType<N> next, String byWhom, String qualifier, Instant when, N facts) {
        String nextId = Sha256.of(source + "\n" + id + "\n" + next.topic() + "\n" + qualifier)
                .substring(0, 32);
        return new Event<>(next, nextId, byWhom, subject, when, correlationId, Optional.of(id), traceparent, facts);
    }

    /** The same event with another trace context. */
    public Event<M> carrying(String traceparent) {
        return new Event<>(
                type, id, source, subject, time, correlationId, causationId, Optional.of(traceparent), payload);
    }
}
