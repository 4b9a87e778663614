package dev.cloakproof.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.RunCancelRequested;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final Event<RunCancelRequested> EVENT = new Event<>(
            EventType.RUN_CANCEL,
            "id-1",
            "/evaluator",
            "runs/r-1",
            Instant.parse("2026-01-01T00:00:00Z"),
            "r-1",
            Optional.of("id-0"),
            Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            RunCancelRequested.newBuilder().setRun("runs/r-1").build());

    @Test
    void aRecordIsCloudEventsInBinaryMode() {
        ProducerRecord<String, byte[]> written = EventCodec.write(EVENT);

        assertThat(written.topic()).isEqualTo("run.cancel");
        assertThat(written.key()).isEqualTo("r-1");
        assertThat(written.value()).isEqualTo(EVENT.payload().toByteArray());
        assertHeader(written, "content-type", "application/protobuf");
        assertHeader(written, "ce_specversion", "1.0");
        assertHeader(written, "ce_type", "dev.cloakproof.run.cancel.v1");
        assertHeader(written, "ce_id", "id-1");
        assertHeader(written, "ce_source", "/evaluator");
        assertHeader(written, "ce_subject", "runs/r-1");
        assertHeader(written, "ce_time", "2026-01-01T00:00:00Z");
        assertHeader(written, "ce_dataschema", "cloakproof.v1.RunCancelRequested");
        assertHeader(written, "ce_correlationid", "r-1");
        assertHeader(written, "ce_causationid", "id-0");
        assertHeader(written, "traceparent", EVENT.traceparent().orElseThrow());
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        assertThat(EventCodec.read(EventType.RUN_CANCEL, received(EVENT))).isEqualTo(EVENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_type", "ce_id", "ce_source", "ce_subject", "ce_time", "ce_correlationid"})
    void aMissingAttributeIsUnreadable(String header) {
        ConsumerRecord<String, byte[]> damaged = received(EVENT);
        damaged.headers().remove(header);

        assertUnreadable(damaged, header);
    }

    @Test
    void anotherTypeADamagedTimeAndADamagedPayloadAreUnreadable() {
        ConsumerRecord<String, byte[]> other = received(EVENT);
        EventCodec.add(other.headers(), "ce_type", "dev.cloakproof.run.failed.v1");
        assertUnreadable(other, "run.failed");

        ConsumerRecord<String, byte[]> untimely = received(EVENT);
        EventCodec.add(untimely.headers(), "ce_time", "yesterday");
        assertUnreadable(untimely, "yesterday");

        assertUnreadable(received(EVENT, new byte[] {(byte) 0xff}), "RunCancelRequested");
        assertUnreadable(received(EVENT, null), "no payload");
    }

    @Test
    void aFollowingEventKeepsTheRunAndTheTraceAndNamesItsCause() {
        var payload = RunCancelRequested.getDefaultInstance();
        var next = EVENT.leadsTo(EventType.RUN_CANCEL, "/trainer", "", Instant.EPOCH, payload);
        var again = EVENT.leadsTo(EventType.RUN_CANCEL, "/trainer", "", Instant.MAX, payload);
        var other = EVENT.leadsTo(EventType.RUN_CANCEL, "/trainer", "other", Instant.EPOCH, payload);

        assertThat(next.correlationId()).isEqualTo("r-1");
        assertThat(next.traceparent()).isEqualTo(EVENT.traceparent());
        assertThat(next.causationId()).contains("id-1");
        assertThat(again.id()).isEqualTo(next.id());
        assertThat(other.id()).isNotEqualTo(next.id());
    }

    private static void assertHeader(ProducerRecord<String, byte[]> written, String name, String value) {
        assertThat(EventCodec.text(written.headers(), name)).as(name).contains(value);
    }

    private static void assertUnreadable(ConsumerRecord<String, byte[]> given, String named) {
        assertThatExceptionOfType(CloakproofException.class)
                .isThrownBy(() -> EventCodec.read(EventType.RUN_CANCEL, given))
                .withMessageContaining(named)
                .returns(Reason.EVENT_UNREADABLE, CloakproofException::reason);
    }

    private static ConsumerRecord<String, byte[]> received(Event<?> event) {
        return received(event, event.payload().toByteArray());
    }

    private static ConsumerRecord<String, byte[]> received(Event<?> event, byte[] value) {
        ProducerRecord<String, byte[]> written = EventCodec.write(event);
        ConsumerRecord<String, byte[]> received = new ConsumerRecord<>(written.topic(), 0, 0, written.key(), value);
        written.headers().forEach(received.headers()::add);
        return received;
    }
}
