package dev.cloakproof.platform.events;

import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.Cancellation;
import dev.cloakproof.v1.RunCancelRequested;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which runs are to be stopped. A request is stored before work is told, so that it also stops stages that begin
 * later, here or on another machine. Handles the records of {@link EventType#RUN_CANCEL}.
 */
public final class Cancellations implements RecordHandler {
    private final ObjectStore objects;
    private final Map<String, Set<Cancellation>> working = new ConcurrentHashMap<>();

    public Cancellations(ObjectStore objects) {
        this.objects = objects;
    }

    @Override
    public void handle(ConsumerRecord<String, byte[]> given) {
        Event<RunCancelRequested> event = EventCodec.read(EventType.RUN_CANCEL, given);
        request(event.correlationId(), event.payload().getRequestedBy());
    }

    /** Stops the work on a run, now and later. */
    public void request(String run, String requestedBy) {
        objects.put(marker(run), requestedBy.getBytes(StandardCharsets.UTF_8));
        working.getOrDefault(run, Set.of()).forEach(work -> work.request(problem(run, requestedBy)));
    }

    /** Stops all work of this process, such as for a shutdown. Nothing is stored: other processes go on. */
    public void stopAll(Problem why) {
        working.values().forEach(works -> works.forEach(work -> work.request(why)));
    }

    /** Begins a piece of work on a run: its cancellation, already asked for if the run was cancelled before. */
    Cancellation begin(String run) {
        Cancellation cancellation = new Cancellation();
        // Registered before looking: a request that comes in between is seen in one place or in both.
        working.computeIfAbsent(run, _ -> ConcurrentHashMap.newKeySet()).add(cancellation);
        objects.get(marker(run))
                .map(stored -> new String(stored.bytes(), StandardCharsets.UTF_8))
                .ifPresent(requestedBy -> cancellation.request(problem(run, requestedBy)));
        return cancellation;
    }

    /** Ends a piece of work on a run. */
    void end(String run, Cancellation cancellation) {
        working.computeIfPresent(run, (_, all) -> {
            all.remove(cancellation);
            return all.isEmpty() ? null : all;
        });
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
