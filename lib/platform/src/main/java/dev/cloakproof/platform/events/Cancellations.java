package dev.cloakproof.platform.events;

import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.Cancellation;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which runs are to be stopped, because they were cancelled, or they or their subject deleted. A request is stored before
 * work is told, so that it also stops stages that begin later, here or on another machine. Handles the records of
 * {@link EventType#RUN_CANCEL} and {@link EventType#SUBJECT_DELETED}.
 */
public final class Cancellations implements RecordHandler {
    /** Topics of the commands that are handled here; every worker hears them. */
    public static final List<String> TOPICS = List.of(EventType.RUN_CANCEL.topic(), EventType.SUBJECT_DELETED.topic());

    private final ObjectStore objects;
    private final Tombstones tombstones;
    private final Set<Work> working = ConcurrentHashMap.newKeySet();

    /** A piece of work on a run. */
    static final class Work {
        final Cancellation cancellation = new Cancellation();
        private final String run;
        private final String subject;
        private final Instant created;

        private Work(String run, RunContext context) {
            this.run = run;
            this.subject = context.getSubject();
            this.created = Instant.ofEpochSecond(
                    context.getCreateTime().getSeconds(),
                    context.getCreateTime().getNanos());
        }
    }

    public Cancellations(ObjectStore objects) {
        this.objects = objects;
        this.tombstones = new Tombstones(objects);
    }

    @Override
    public void handle(ConsumerRecord<String, byte[]> given) {
        if (given.topic().equals(EventType.SUBJECT_DELETED.topic())) {
            // Its tombstone was stored before.
            EventCodec.read(EventType.SUBJECT_DELETED, given);
            working.forEach(this::look);
            return;
        }
        Event<RunCancelRequested> event = EventCodec.read(EventType.RUN_CANCEL, given);
        request(event.correlationId(), event.payload().getRequestedBy());
    }

    /** Stops the work on a run, now and later. */
    public void request(String run, String requestedBy) {
        objects.put(marker(run), requestedBy.getBytes(StandardCharsets.UTF_8));
        working.stream()
                .filter(work -> work.run.equals(run))
                .forEach(work -> work.cancellation.request(problem(run, requestedBy)));
    }

    /** Stops all work of this process, such as for a shutdown. Nothing is stored: other processes go on. */
    public void stopAll(Problem why) {
        working.forEach(work -> work.cancellation.request(why));
    }

    /** Begins a piece of work on a run: its cancellation, already asked for if the run was cancelled or deleted before. */
    Work begin(String run, RunContext context) {
        Work work = new Work(run, context);
        // Registered before looking: a request that comes in between is seen in one place or in both.
        working.add(work);
        objects.get(marker(run))
                .map(stored -> new String(stored.bytes(), StandardCharsets.UTF_8))
                .ifPresent(requestedBy -> work.cancellation.request(problem(run, requestedBy)));
        look(work);
        return work;
    }

    private void look(Work work) {
        if (isDeleted(work)) {
            work.cancellation.request(deleted(work));
        }
    }

    /** @throws CloakproofException CANCELLED if a run or its subject was deleted meanwhile */
    void requireWanted(Work work) {
        if (isDeleted(work)) {
            throw deleted(work).exception();
        }
    }

    private boolean isDeleted(Work work) {
        return tombstones.isRunDeleted(work.run) || tombstones.isSubjectDeleted(work.subject, work.created);
    }

    private static Problem deleted(Work work) {
        return Reason.CANCELLED.problem("run " + work.run + " was deleted").with("run", work.run);
    }

    /** Ends a piece of work on a run. */
    void end(Work work) {
        working.remove(work);
    }

    private static ObjectKey marker(String run) {
        return ObjectKey.of("runs", run, "cancelled");
    }

    private static Problem problem(String run, String requestedBy) {
        return Reason.CANCELLED
                .problem("run " + run + " was cancelled by " + requestedBy)
                .with("run", run)
                .with("requested_by", requestedBy);
    }
}
