package dev.cloakproof.purifier.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.service.Traces;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.UploadReceived;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlingTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    /** A broker that may be away. */
    private static final class Broker implements EventPublisher {
        private final List<Event<?>> published = new CopyOnWriteArrayList<>();
        private boolean away;
        private SpanContext publishing;

        @Override
        public void publish(Event<?> event) {
            publishing = Span.current().getSpanContext();
            if (away) {
                throw Reason.BROKER_UNAVAILABLE.problem("away").exception();
            }
            published.add(event);
        }

        @Override
        public void publishLossy(Event<?> event) {
            throw new AssertionError("an upload may not get lost");
        }

        private UploadReceived upload(int i) {
            return (UploadReceived) published.get(i).payload();
        }
    }

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final Broker broker = new Broker();
    private final Traces spans = new Traces();
    private final Tracing tracing = new Tracing(OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build());
    private ObjectStore objects;
    private Settling settling;

    @BeforeEach
    void begin() {
        objects = new FileObjectStore(folder);
        settling = new Settling(objects, broker, clock, WINDOW, tracing);
    }

    @Test
    void tenUploadsWithinTheWindowAreOneRunWithAllPictures() {
        Set<String> runs = ConcurrentHashMap.newKeySet();
        // At once, so that they meet at the store.
        IntStream.range(0, 10).parallel().forEach(i -> runs.add(settling.join(upload("anna", "me-" + i), "u" + i)));
        settling.settleAll();
        assertThat(broker.published).isEmpty();

        clock.advance(WINDOW);
        settling.settleAll();
        assertThat(runs).hasSize(1);
        assertThat(broker.published).hasSize(1);
        assertThat(broker.upload(0).getContext().getRun())
                .isEqualTo("runs/" + runs.iterator().next());
        assertThat(broker.upload(0).getPicturesList())
                .extracting(PictureReference::getName)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "me-" + i).toList());
        settling.settleAll();
        assertThat(broker.published).hasSize(1);
    }

    @Test
    void eachUploadBeginsTheWaitAnewAndTheNextOneAfterItIsAnotherRun() {
        String first = settling.join(upload("anna", "a"), "1");
        clock.advance(WINDOW.minusSeconds(1));
        assertThat(settling.join(upload("anna", "b"), "2")).isEqualTo(first);
        clock.advance(WINDOW.minusSeconds(1));
        settling.settle("anna");
        assertThat(broker.published).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        settling.settle("anna");
        assertThat(broker.upload(0).getPicturesCount()).isEqualTo(2);

        assertThat(settling.join(upload("anna", "c"), "3")).isNotEqualTo(first);
    }

    @Test
    void subjectsAndParametersAreKeptApart() {
        String anna = settling.join(upload("anna", "a"), "1");
        String bert = settling.join(upload("bert", "b"), "2");
        UploadReceived other = upload("anna", "c").toBuilder()
                .setContext(upload("anna", "c").getContext().toBuilder()
                        .setParameters(RunParameters.newBuilder().setPack("sd21")))
                .build();
        String annaElse = settling.join(other, "3");
        assertThat(Set.of(anna, bert, annaElse)).hasSize(3);

        // The first has ended its wait, and the others have not.
        settling.settleAll();
        assertThat(broker.published).extracting(Event::correlationId).containsExactly(anna);
        clock.advance(WINDOW);
        settling.settleAll();
        assertThat(broker.published).extracting(Event::correlationId).containsExactlyInAnyOrder(anna, bert, annaElse);
    }

    @Test
    void aRepeatedUploadChangesNothing() {
        String run = settling.join(upload("anna", "a"), "1");
        assertThat(settling.join(upload("anna", "a"), "1")).isEqualTo(run);
        clock.advance(WINDOW);
        settling.settle("anna");
        assertThat(broker.upload(0).getPicturesCount()).isOne();
    }

    @Test
    void aRunHasAtMost200Pictures() {
        String first = settling.join(upload("anna", names(150)), "1");
        assertThat(settling.join(upload("anna", names(51)), "2")).isNotEqualTo(first);
    }

    @Test
    void whatABrokerThatIsAwayDidNotTakeIsPublishedLaterByAnyPodUnderTheSameId() {
        settling.join(upload("anna", "a"), "1");
        clock.advance(WINDOW);
        broker.away = true;
        assertThatThrownBy(() -> settling.settle("anna")).hasMessageContaining("BROKER_UNAVAILABLE");
        // Frozen: what comes now is another run.
        settling.join(upload("anna", "b"), "2");

        broker.away = false;
        new Settling(objects, broker, clock, WINDOW, tracing).settleAll();
        assertThat(broker.published).hasSize(1);
        assertThat(broker.upload(0).getPicturesList())
                .extracting(PictureReference::getName)
                .containsExactly("a");
    }

    @Test
    void whatWaitsForADeletedSubjectIsForgottenAndANewBeginningIsNot() {
        settling.join(created("anna", clock.instant()), "1");
        String bert = settling.join(created("bert", clock.instant()), "2");
        clock.advance(WINDOW);
        broker.away = true;
        assertThatThrownBy(() -> settling.settle("anna")).hasMessageContaining("BROKER_UNAVAILABLE"); // frozen now
        broker.away = false;
        settling.join(created("anna", clock.instant()), "3"); // waits
        new Tombstones(objects).subjectIsDeleted("anna", clock.instant());
        Instant deleted = clock.instant();
        clock.advance(Duration.ofSeconds(1));
        String anew = settling.join(created("anna", clock.instant()), "4");

        settling.forget(Tombstones.hash("anna"), deleted);
        settling.forget(Tombstones.hash("anna"), deleted);
        settling.forget(Tombstones.hash("nobody"), deleted);

        clock.advance(WINDOW);
        settling.settleAll();
        assertThat(broker.published).extracting(Event::correlationId).containsExactlyInAnyOrder(bert, anew);
    }

    @Test
    void claimsOfAnUploadGoWhenItsRunIsPublished() {
        UploadFolder folder = new UploadFolder(objects, Tombstones.hash("anna"), "1");
        folder.begin(clock.instant());
        folder.claim(new Blob("a".repeat(64), 1, "image/png"));
        settling.join(upload("anna", "a"), "1");
        settling.settleAll();
        assertThat(new Claims(objects).of(folder.path())).hasSize(1);
        clock.advance(WINDOW);
        settling.settleAll();
        assertThat(new Claims(objects).of(folder.path())).isEmpty();
        assertThat(UploadFolder.all(objects, Tombstones.hash("anna"))).containsExactly(folder);
    }

    @Test
    void aRunGoesOnWithTheTraceOfItsFirstUploadAndIsLinkedToTheOthers() {
        String run = settling.join(upload("anna", "a"), "0"); // before traces were turned on
        List<SpanContext> uploads = Stream.of("1", "2")
                .map(request -> tracing.in(tracing.span("call", SpanKind.SERVER, ""), () -> {
                    assertThat(settling.join(upload("anna", request), request)).isEqualTo(run);
                    return Span.current().getSpanContext();
                }))
                .toList();
        clock.advance(WINDOW);
        broker.away = true;
        assertThatThrownBy(() -> settling.settleAll()).hasMessageContaining("BROKER_UNAVAILABLE");
        broker.away = false;
        // Any pod, and no thread that knows of the calls.
        new Settling(objects, broker, clock, WINDOW, tracing).settleAll();

        SpanData settled = spans.ended().getLast();
        assertThat(settled.getName()).isEqualTo("settle");
        assertThat(settled.getTraceId()).isEqualTo(uploads.get(0).getTraceId());
        assertThat(settled.getParentSpanId()).isEqualTo(uploads.get(0).getSpanId());
        assertThat(settled.getLinks())
                .extracting(link -> link.getSpanContext().getSpanId())
                .containsExactly(uploads.get(1).getSpanId());
        assertThat(settled.getAttributes().get(Tracing.RUN)).isEqualTo(run);
        assertThat(broker.publishing).isEqualTo(settled.getSpanContext());
    }

    @Test
    void whatWaitsIsStoredAsEverWhereNothingIsTraced() {
        settling.join(upload("anna", "a"), "1");
        byte[] stored = objects.get(ObjectKey.of("settling", Tombstones.hash("anna")))
                .orElseThrow()
                .bytes();
        // A pod of the version before can read it.
        assertThat(new String(stored, StandardCharsets.UTF_8))
                .contains("\"requests\":[\"1\"]")
                .doesNotContain("traces");
    }

    private static UploadReceived created(String subject, Instant time) {
        UploadReceived upload = upload(subject, "a");
        return upload.toBuilder()
                .setContext(upload.getContext().toBuilder().setCreateTime(References.timestamp(time)))
                .build();
    }

    private static String[] names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).toArray(String[]::new);
    }

    private static UploadReceived upload(String subject, String... names) {
        UploadReceived.Builder upload = UploadReceived.newBuilder()
                .setContext(RunContext.newBuilder()
                        .setSubject(subject)
                        .setAuthorization(AuthorizationRecord.newBuilder().setRightsHolder("Anna")));
        for (String name : names) {
            upload.addPictures(PictureReference.newBuilder().setName(name));
        }
        return upload.build();
    }
}
