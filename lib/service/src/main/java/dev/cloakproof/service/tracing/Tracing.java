package dev.cloakproof.service.tracing;

import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spans, and their context as events carry it. A span says which run, stage and topic it is about and how it ended; never a
 * subject, a prompt, a file's name or a problem's message, for traces leave the house. Work on threads of our own has no
 * context but what is handed over here. Without a collector there are no spans, and contexts pass through unchanged.
 */
@Singleton
public class Tracing {
    /** The run's id, such as {@code r-1}. */
    public static final AttributeKey<String> RUN = AttributeKey.stringKey("cloakproof.run");
    /** {@code purify}, {@code train}, {@code sample} or {@code evaluate}. */
    public static final AttributeKey<String> STAGE = AttributeKey.stringKey("cloakproof.stage");
    /** {@code done}, or the reason of the catalogue as metrics have it, such as {@code picture_invalid}. */
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("cloakproof.outcome");

    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> EXCEPTION = AttributeKey.stringKey("exception.type");
    private static final String RUNS = "runs/";
    private static final String TRACEPARENT = "traceparent";

    /** Ends that nobody has to look into; the alerts leave them out too. */
    private static final Set<Reason> NO_FAULT =
            EnumSet.of(Reason.CANCELLED, Reason.SHUTTING_DOWN, Reason.WORK_TAKEN, Reason.LEASE_LOST);

    private static final TextMapGetter<String> ONLY_TRACEPARENT = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public String get(String traceparent, String key) {
            return key.equals(TRACEPARENT) ? traceparent : null;
        }
    };

    /** The span of the call that a thread answers: gRPC hands its own context from thread to thread. */
    private static final io.grpc.Context.Key<Span> CALL = io.grpc.Context.key("span");

    private final Tracer tracer;

    /**
     * Work within a span.
     *
     * @param <E> what it throws
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T call() throws E;
    }

    /** @param telemetry where spans go */
    public Tracing(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.cloakproof");
    }

    /**
     * Begins to describe a span for {@link #in}, a child of the current one unless another parent is set.
     *
     * @param name with few values: no run
     * @param resource what it is about, such as {@code runs/r-1}; only a run's id is said
     */
    public SpanBuilder span(String name, SpanKind kind, String resource) {
        SpanBuilder span = tracer.spanBuilder(name).setSpanKind(kind).setParent(here());
        if (resource.startsWith(RUNS)) {
            span.setAttribute(RUN, resource.substring(RUNS.length()));
        }
        return span;
    }

    /** Works within a span, current on this thread meanwhile, that says how the work ended. */
    public <T, E extends Exception> T in(SpanBuilder described, Work<T, E> work) throws E {
        Span span = described.startSpan();
        try (var _ = span.makeCurrent()) {
            T done = work.call();
            span.setAttribute(OUTCOME, "done");
            return done;
        } catch (Exception | Error e) {
            failed(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    private static void failed(Span span, Throwable thrown) {
        Reason reason = Problems.of(thrown).reason();
        span.setAttribute(OUTCOME, reason.metricLabel());
        if (!NO_FAULT.contains(reason)) {
            // No recordException: its message may name a picture, and the log has it.
            span.setAttribute(ERROR, reason.metricLabel());
            span.setAttribute(EXCEPTION, thrown.getClass().getName());
            span.setStatus(StatusCode.ERROR, reason.metricLabel());
        }
    }

    /** What a call works in, so that its span is the current one wherever it is answered. */
    static io.grpc.Context during(Span call) {
        return io.grpc.Context.current().withValue(CALL, call);
    }

    private static Context here() {
        Context current = Context.current();
        Span call = CALL.get();
        return Span.fromContextOrNull(current) != null || call == null ? current : current.with(call);
    }

    /** Says which run the current span, such as that of a call, turned out to be about. */
    public void about(String run) {
        Span.fromContext(here()).setAttribute(RUN, run);
    }

    /** The context of the current span as a W3C traceparent; empty outside of any. */
    public Optional<String> current() {
        Map<String, String> headers = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(here(), headers, Map::put);
        return Optional.ofNullable(headers.get(TRACEPARENT));
    }

    /** What a W3C traceparent says; nothing if it is empty or damaged. */
    public Context context(Optional<String> traceparent) {
        return traceparent
                .map(text -> W3CTraceContextPropagator.getInstance().extract(Context.root(), text, ONLY_TRACEPARENT))
                .orElse(Context.root());
    }

    /** The event with the current span as its parent; as it came outside of any. */
    public Event<?> carried(Event<?> event) {
        return current().<Event<?>>map(event::carrying).orElse(event);
    }
}
