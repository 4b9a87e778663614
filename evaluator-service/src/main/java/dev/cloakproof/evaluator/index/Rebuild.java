package dev.cloakproof.evaluator.index;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventLog;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunEvaluated;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index again: what was deleted, then the stages' results, then every event that the log still has. What is in
 * the index already stays, so that it may run at any time.
 */
public final class Rebuild {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

    /** Folders of the stages' results, {@code runs/<run>/<folder>/<specification>/result.pb}, and what they hold. */
    private static final Map<String, EventType<? extends Message>> RESULTS = Map.of(
            "purify", EventType.IMAGES_PURIFIED,
            "train", EventType.MODEL_TRAINED,
            "sample", EventType.IMAGES_SAMPLED,
            "evaluate", EventType.RUN_EVALUATED);

    private final Database database;
    private final ObjectStore objects;
    private final IndexHandler handler;

    public Rebuild(Database database, ObjectStore objects, IndexHandler handler) {
        this.database = database;
        this.objects = objects;
        this.handler = handler;
    }

    /** From the object store alone: enough for all that has ended well. */
    public void fromStore() {
        var tombstones = new Tombstones(objects);
        database.transaction(session -> {
            for (var run : tombstones.runs().entrySet()) {
                session.update(
                        "insert into deleted_runs values (?, ?) on conflict do nothing", run.getKey(), run.getValue());
            }
            for (var subject : tombstones.subjects().entrySet()) {
                session.update(
                        "insert into deleted_subjects values (?, ?) on conflict do nothing",
                        subject.getKey(),
                        subject.getValue());
            }
            return null;
        });
        int folded = 0;
        for (ObjectKey key : objects.list("runs/")) {
            String[] names = key.text().split("/");
            EventType<?> type = names.length == 5 && names[4].equals("result.pb") ? RESULTS.get(names[2]) : null;
            if (type != null) {
                folded += take(key, event(type, names[1], key));
            } else if (names.length == 3 && names[2].equals("cancelled")) {
                folded += take(key, cancelled(names[1], key));
            }
        }
        LOG.info("rebuilt the index from {} objects of the store", folded);
    }

    /** From the event log; returns when all that was there at the beginning is folded. */
    public void fromLog(KafkaSettings kafka) {
        long events = EventLog.replay(kafka, handler);
        LOG.info("rebuilt the index from {} events of the log", events);
    }

    private int take(ObjectKey key, Event<?> event) {
        if (event == null) {
            return 0;
        }
        try {
            handler.take(event);
            return 1;
        } catch (dev.cloakproof.platform.errors.CloakproofException unreadable) {
            if (unreadable.reason().retryable()) {
                throw unreadable;
            }
            LOG.warn("left out {}: {}", key, unreadable.getMessage());
            return 0;
        }
    }

    private Event<?> event(EventType<?> type, String run, ObjectKey key) {
        byte[] bytes = objects.get(key).map(ObjectStore.Versioned::bytes).orElse(null);
        if (bytes == null) {
            return null; // deleted a moment ago
        }
        try {
            Message payload = type.payload().getParserForType().parseFrom(bytes);
            return rebuilt(type, run, payload);
        } catch (InvalidProtocolBufferException damaged) {
            LOG.warn("left out {}: {}", key, damaged.getMessage());
            return null;
        }
    }

    @SuppressWarnings("unchecked") // the payload was read by this type's parser
    private static <M extends Message> Event<M> rebuilt(EventType<M> type, String run, Message payload) {
        return Event.first(type, "rebuilt-" + run, "/evaluator", run, endTime(payload), (M) payload);
    }

    private Event<RunCancelRequested> cancelled(String run, ObjectKey key) {
        return objects.get(key)
                .map(stored -> Event.first(
                        EventType.RUN_CANCEL,
                        "rebuilt-" + run,
                        "/evaluator",
                        run,
                        Instant.EPOCH, // unknown: the event of the log counts over it
                        RunCancelRequested.newBuilder()
                                .setRun("runs/" + run)
                                .setRequestedBy(new String(stored.bytes(), StandardCharsets.UTF_8))
                                .build()))
                .orElse(null);
    }

    private static Instant endTime(Message payload) {
        RequestRecord record =
                switch (payload) {
                    case ImagesPurified event -> event.getRecord();
                    case ModelTrained event -> event.getRecord();
                    case ImagesSampled event -> event.getRecord();
                    case RunEvaluated event -> event.getRecord();
                    default -> throw new IllegalArgumentException("no stage's result");
                };
        return Times.of(record.getEndTime());
    }
}
