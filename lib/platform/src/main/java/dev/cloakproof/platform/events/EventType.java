package dev.cloakproof.platform.events;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.StorageReleased;
import dev.cloakproof.v1.SubjectDeleted;
import dev.cloakproof.v1.UploadReceived;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of event: one topic, one payload.
 *
 * @param topic the Kafka topic
 * @param payload the payload's default instance
 * @param <M> the payload
 */
public record EventType<M extends Message>(String topic, M payload) {
    public static final EventType<UploadReceived> UPLOAD_RECEIVED =
            new EventType<>("upload.received", UploadReceived.getDefaultInstance());
    public static final EventType<ImagesPurified> IMAGES_PURIFIED =
            new EventType<>("images.purified", ImagesPurified.getDefaultInstance());
    public static final EventType<ModelTrained> MODEL_TRAINED =
            new EventType<>("model.trained", ModelTrained.getDefaultInstance());
    public static final EventType<ImagesSampled> IMAGES_SAMPLED =
            new EventType<>("images.sampled", ImagesSampled.getDefaultInstance());
    public static final EventType<RunEvaluated> RUN_EVALUATED =
            new EventType<>("run.evaluated", RunEvaluated.getDefaultInstance());
    public static final EventType<RunProgress> RUN_PROGRESS =
            new EventType<>("run.progress", RunProgress.getDefaultInstance());
    public static final EventType<RunFailed> RUN_FAILED = new EventType<>("run.failed", RunFailed.getDefaultInstance());
    /** A command, not a fact: every worker listens. */
    public static final EventType<RunCancelRequested> RUN_CANCEL =
            new EventType<>("run.cancel", RunCancelRequested.getDefaultInstance());

    /** A command, not a fact: every worker listens, and everybody who keeps something of a subject. */
    public static final EventType<SubjectDeleted> SUBJECT_DELETED =
            new EventType<>("subject.deleted", SubjectDeleted.getDefaultInstance());

    public static final EventType<StorageReleased> STORAGE_RELEASED =
            new EventType<>("storage.released", StorageReleased.getDefaultInstance());

    /** Events about a run; their correlation id is the run's. */
    public static final List<EventType<?>> OF_RUNS = List.of(
            UPLOAD_RECEIVED,
            IMAGES_PURIFIED,
            MODEL_TRAINED,
            IMAGES_SAMPLED,
            RUN_EVALUATED,
            RUN_PROGRESS,
            RUN_FAILED,
            RUN_CANCEL);

    public static final List<EventType<?>> ALL = Stream.concat(
                    OF_RUNS.stream(), Stream.of(SUBJECT_DELETED, STORAGE_RELEASED))
            .toList();

    /** CloudEvents {@code type}: reverse domain name, topic and version. */
    public String cloudEventType() {
        return "dev.cloakproof." + topic + ".v1";
    }

    /** CloudEvents {@code dataschema}: the full name of the payload message. */
    String schema() {
        return payload.getDescriptorForType().getFullName();
    }

    /** Topic of the records of this type that nobody could handle. */
    public String deadLetterTopic() {
        return DeadLetters.topicOf(topic);
    }

    @SuppressWarnings("unchecked") // a message's parser makes messages of its own class
    Parser<M> parser() {
        return (Parser<M>) payload.getParserForType();
    }
}
