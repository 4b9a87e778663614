package dev.cloakproof.evaluator.index;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventCodec;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.RecordHandler;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Folds the records of all topics about runs into the index, and deletes what other services let go of. */
public final class IndexHandler implements RecordHandler {
    public static final List<EventType<?>> HEARD = Stream.concat(
                    EventType.OF_RUNS.stream(), Stream.of(EventType.STORAGE_RELEASED))
            .toList();

    private final RunIndex index;
    private final Deletions deletions;

    public IndexHandler(RunIndex index, Deletions deletions) {
        this.index = index;
        this.deletions = deletions;
    }

    @Override
    public void handle(ConsumerRecord<String, byte[]> given) {
        if (given.topic().equals(EventType.STORAGE_RELEASED.topic())) {
            deletions.released(
                    EventCodec.read(EventType.STORAGE_RELEASED, given).payload().getFolder());
            return;
        }
        EventType<?> type = EventType.OF_RUNS.stream()
                .filter(known -> known.topic().equals(given.topic()))
                .findAny()
                .orElseThrow(() -> Reason.EVENT_UNREADABLE
                        .problem("expected a topic of ours, found " + given.topic())
                        .exception());
        take(EventCodec.read(type, given));
    }

    void take(Event<?> event) {
        requireOneRun(event);
        try {
            if (index.fold(event) == RunIndex.Folded.DELETED) {
                deletions.discard(event);
            }
        } catch (IllegalArgumentException malformed) { // a reference that is no reference
            throw Reason.EVENT_UNREADABLE
                    .problem("expected references to blobs: " + malformed.getMessage())
                    .exception(malformed);
        }
    }

    private static void requireOneRun(Event<?> event) {
        String expected = "runs/" + event.correlationId();
        RunFacts.context(event.payload())
                .map(context -> context.getRun())
                .filter(run -> !run.equals(expected))
                .ifPresent(run -> {
                    throw Reason.EVENT_UNREADABLE
                            .problem("expected an event about " + expected + ", found one about " + run)
                            .exception();
                });
    }
}
