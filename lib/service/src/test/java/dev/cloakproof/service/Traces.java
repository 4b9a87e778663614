package dev.cloakproof.service;

import dev.cloakproof.service.tracing.Tracing;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Keeps spans in memory. A {@code @QuarkusTest} takes the profile {@link On} and a bean that extends this class.
 */
public class Traces implements SpanExporter {
    private final List<SpanData> ended = new CopyOnWriteArrayList<>();

    /** Turns traces on; the address is that of no one. */
    public static class On implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("cloakproof.traces.endpoint", "http://127.0.0.1:1");
        }
    }

    /** The spans that have ended. */
    public final List<SpanData> ended() {
        return List.copyOf(ended);
    }

    /** The only span of a name and a run; waits for it. */
    public final SpanData await(String name, String run) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> ended.stream()
                                .filter(span -> span.getName().equals(name)
                                        && run.equals(span.getAttributes().get(Tracing.RUN)))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    /** All texts that a span takes out of the house. */
    public static Stream<String> texts(SpanData span) {
        return Stream.of(
                        Stream.of(span.getName(), span.getStatus().getDescription()),
                        span.getAttributes().asMap().values().stream().map(Object::toString),
                        span.getResource().getAttributes().asMap().values().stream()
                                .map(Object::toString),
                        span.getEvents().stream().map(Object::toString),
                        span.getLinks().stream().map(Object::toString))
                .flatMap(texts -> texts);
    }

    @Override
    public final CompletableResultCode export(Collection<SpanData> spans) {
        ended.addAll(spans);
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public final CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public final CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
