package dev.cloakproof.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.UploadReceived;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The stage of {@link StageTest} with traces, on a real broker. */
@QuarkusTest
@QuarkusTestResource(value = EventLine.class, restrictToAnnotatedClass = true)
@TestProfile(Traces.On.class)
class TracesTest {
    @Singleton
    public static class Kept extends Traces {}

    @Inject
    EventPublisher publisher;

    @Inject
    Tracing tracing;

    @Inject
    Kept traces;

    @Inject
    StageTest.Ears ears;

    @Inject
    GrpcServer server;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

    private final String run = "r-" + UUID.randomUUID();

    @Test
    void aRunIsOneTraceThroughEventsAndWork() {
        SpanContext call = publishedWithin(upload("anna"));

        SpanData sent = traces.await("send upload.received", run);
        assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertIsChild(sent, call);
        try (var received = new Heard<>(broker, EventType.UPLOAD_RECEIVED)) {
            assertThat(received.await(run).traceparent()).contains(traceparent(sent));
        }
        SpanData handled = traces.await("process upload.received", run);
        assertThat(handled.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertIsChild(handled, sent.getSpanContext());
        assertThat(handled.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.system"), "kafka")
                .containsEntry(AttributeKey.stringKey("messaging.destination.name"), "upload.received")
                .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "process");
        SpanData worked = traces.await("purify", run);
        assertIsChild(worked, handled.getSpanContext());
        assertThat(worked.getAttributes().get(Tracing.STAGE)).isEqualTo("purify");
        assertThat(worked.getAttributes().get(Tracing.OUTCOME)).isEqualTo("done");

        // On its way to the next service.
        SpanData next = traces.await("send images.purified", run);
        assertIsChild(next, handled.getSpanContext());
        try (var purified = new Heard<>(broker, EventType.IMAGES_PURIFIED);
                var progress = new Heard<>(broker, EventType.RUN_PROGRESS)) {
            assertThat(purified.await(run).traceparent()).contains(traceparent(next));
            assertThat(progress.await(run).traceparent()).contains(traceparent(worked));
        }
        assertIsChild(traces.await("process images.purified", run), next.getSpanContext());
    }

    /** There may be two a second for hours. */
    @Test
    void progressMakesNoSpans() {
        publisher.publish(upload("anna"));
        await().until(() -> ears.followed.contains(run));
        traces.await("process images.purified", run);
        assertThat(traces.ended()).extracting(SpanData::getName).noneMatch(name -> name.contains("run.progress"));
    }

    @Test
    void anEventFromElsewhereGoesOnWithItsTrace() {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        publisher.publish(upload("anna").carrying(traceparent));
        assertThat(traceparent(traces.await("process images.purified", run)))
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-");
        assertThat(traces.await("send upload.received", run).getParentSpanId()).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void workThatFailsSaysSoOnItsSpansAndTellsNobodyAboutWhom() {
        publishedWithin(upload("poison"));
        assertThat(traces.await("send run.failed", run).getTraceId())
                .isEqualTo(traces.await("send upload.received", run).getTraceId());
        for (String name : new String[] {"purify", "process upload.received"}) {
            SpanData failed = traces.await(name, run);
            assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(failed.getAttributes().get(Tracing.OUTCOME)).isEqualTo("picture_invalid");
            assertThat(failed.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("picture_invalid");
            assertThat(failed.getAttributes().get(AttributeKey.stringKey("exception.type")))
                    .isEqualTo("dev.cloakproof.platform.errors.CloakproofException");
        }
        // The subject, which the problem's message names too.
        assertThat(traces.ended().stream().flatMap(Traces::texts))
                .isNotEmpty()
                .noneMatch(text -> text.contains("poison"));
    }

    @Test
    void probesLeaveNoTrace() {
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            var _ = HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
        publishedWithin(upload("anna"));
        traces.await("process images.purified", run);
        assertThat(traces.ended()).extracting(SpanData::getName).noneMatch(name -> name.startsWith("grpc.health"));
    }

    /** Publishes an event within a span, as a call does, and returns the span's context. */
    private SpanContext publishedWithin(Event<?> event) {
        return tracing.in(tracing.span("call", SpanKind.SERVER, ""), () -> {
            publisher.publish(event);
            return Span.current().getSpanContext();
        });
    }

    private static void assertIsChild(SpanData child, SpanContext parent) {
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
        assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
    }

    private static String traceparent(SpanData span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-01";
    }

    private Event<UploadReceived> upload(String subject) {
        var context = RunContext.newBuilder().setRun("runs/" + run).setSubject(subject);
        return Event.first(
                EventType.UPLOAD_RECEIVED,
                UUID.randomUUID().toString(),
                "/test",
                run,
                Instant.now(),
                UploadReceived.newBuilder().setContext(context).build());
    }
}
