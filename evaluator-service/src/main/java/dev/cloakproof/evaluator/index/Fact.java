package dev.cloakproof.evaluator.index;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the index keeps of an event. Of the facts of one topic, stage and run the latest counts.
 *
 * @param topic of the event
 * @param stage which stage it is about, where the topic alone does not say it; else unspecified
 * @param time when it happened, to the microsecond
 * @param firstTime when an event of this kind happened first
 * @param payload the event's
 */
record Fact(String topic, Stage stage, Instant time, Instant firstTime, Message payload) {
    static Fact of(Event<?> event) {
        Stage stage =
                switch (event.payload()) {
                    case RunProgress progress -> progress.getStage();
                    case RunFailed failed -> failed.getStage();
                    default -> Stage.STAGE_UNSPECIFIED;
                };
        Instant time = event.time().truncatedTo(ChronoUnit.MICROS);
        return new Fact(event.type().topic(), stage, time, time, event.payload());
    }

    /** The end of a stage whose event is not published yet. */
    static Fact now(EventType<?> type, Message payload, RequestRecord record) {
        Instant end = Times.of(record.getEndTime());
        return new Fact(type.topic(), Stage.STAGE_UNSPECIFIED, end, end, payload);
    }

    /** As it lies in the database. */
    static Fact read(String topic, int stage, Instant time, Instant firstTime, byte[] payload) {
        Message known = EventType.OF_RUNS.stream()
                .filter(type -> type.topic().equals(topic))
                .map(EventType::payload)
                .map(Message.class::cast)
                .findAny()
                .orElseThrow(() -> new IllegalStateException("an unknown topic in the index: " + topic));
        try {
            return new Fact(
                    topic,
                    Stage.forNumber(stage),
                    time,
                    firstTime,
                    known.getParserForType().parseFrom(payload));
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException("a damaged fact of " + topic, damaged);
        }
    }
}
