package dev.cloakproof.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.events.EventSubscription;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.UploadReceived;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A service with one stage and one subscription, on a real broker: beans are all that it takes. */
@QuarkusTest
@QuarkusTestResource(value = EventLine.class, restrictToAnnotatedClass = true)
@TestProfile(StageTest.Small.class)
class StageTest {
    public static final class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.application.name", "small");
        }
    }

    /** Purifies nothing; refuses the subject "poison". */
    @Singleton
    public static class SmallStage implements StageHandler<UploadReceived, ImagesPurified> {
        @Override
        public Stage stage() {
            return Stage.STAGE_PURIFY;
        }

        @Override
        public EventType<UploadReceived> consumes() {
            return EventType.UPLOAD_RECEIVED;
        }

        @Override
        public EventType<ImagesPurified> produces() {
            return EventType.IMAGES_PURIFIED;
        }

        @Override
        public RunContext context(UploadReceived asked) {
            return asked.getContext();
        }

        @Override
        public ImagesPurified work(UploadReceived asked, WorkContext context) {
            context.progress(1, 1, "purified nothing", Map.of());
            if (asked.getContext().getSubject().equals("poison")) {
                throw Reason.PICTURE_INVALID
                        .problem("expected a picture, found poison")
                        .exception();
            }
            return ImagesPurified.newBuilder().setContext(asked.getContext()).build();
        }
    }

    /** Hears what was purified, and how it went. */
    @Singleton
    public static class Ears {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<String> followed = new CopyOnWriteArrayList<>();

        @Produces
        @Singleton
        EventSubscription subscription() {
            return new EventSubscription(
                    "small-ears", List.of(EventType.IMAGES_PURIFIED), given -> heard.add(given.key()));
        }

        @Produces
        @Singleton
        EventSubscription progress() {
            return new EventSubscription(
                    "small-watch", List.of(EventType.RUN_PROGRESS), given -> followed.add(given.key()));
        }
    }

    @Inject
    EventPublisher publisher;

    @Inject
    Ears ears;

    @Inject
    MeterRegistry meters;

    @TestHTTPResource
    URI http;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

    private final String run = "r-" + UUID.randomUUID();

    @Test
    void aStageAnswersItsEventAndASubscriptionHearsIt() {
        publisher.publish(upload("anna"));
        try (var purified = new Heard<>(broker, EventType.IMAGES_PURIFIED)) {
            assertThat(purified.await(run).source()).isEqualTo("/small");
        }
        await().until(() -> ears.heard.contains(run));
        await().untilAsserted(
                        () -> assertThat(consumed("upload.received", "handled")).isPositive());
    }

    /** As by default: a chain is not cut by one service without traces. */
    @Test
    void withoutTracesAnEventGoesOnWithTheContextThatItCameWith() {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        publisher.publish(upload("anna").carrying(traceparent));
        publisher.publish(upload("poison").carrying(traceparent));
        try (var received = new Heard<>(broker, EventType.UPLOAD_RECEIVED);
                var purified = new Heard<>(broker, EventType.IMAGES_PURIFIED);
                var progress = new Heard<>(broker, EventType.RUN_PROGRESS);
                var failures = new Heard<>(broker, EventType.RUN_FAILED)) {
            assertThat(List.of(received.await(run), purified.await(run), progress.await(run), failures.await(run)))
                    .allSatisfy(event -> assertThat(event.traceparent()).contains(traceparent));
        }
    }

    @Test
    void withoutTracesAnEventBeginsNone() {
        publisher.publish(upload("anna"));
        try (var purified = new Heard<>(broker, EventType.IMAGES_PURIFIED)) {
            assertThat(purified.await(run).traceparent()).isEmpty();
        }
    }

    @Test
    void aRefusedEventFailsTheRunAndIsCounted() {
        publisher.publish(upload("poison"));
        try (var failures = new Heard<>(broker, EventType.RUN_FAILED)) {
            RunFailed failed = failures.await(run).payload();
            assertThat(failed.getFailure().getReason()).isEqualTo("PICTURE_INVALID");
            assertThat(failed.getContext().getSubject()).isEqualTo("poison");
        }
        await().untilAsserted(() ->
                assertThat(consumed("upload.received", "picture_invalid")).isPositive());
        assertThat(meters.get("dead.letters").tag("service", "small").counter().count())
                .isPositive();
    }

    @Test
    void probesAreToldOfStoreAndBroker() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(http.resolve("/q/health/ready")).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"store\"", "\"broker\"", "\"cluster\"");
        }
    }

    private double consumed(String type, String outcome) {
        return meters.find("events.consumed").tags("type", type, "outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
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
