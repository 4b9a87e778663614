package dev.cloakproof.service.events;

import com.google.protobuf.Message;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.Stage;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Locale;

/** Has a stage work in a span of its name; what was done before has none. */
record TracedStage<I extends Message, O extends Message>(StageHandler<I, O> handler, Tracing tracing)
        implements StageHandler<I, O> {
    @Override
    public Stage stage() {
        return handler.stage();
    }

    @Override
    public EventType<I> consumes() {
        return handler.consumes();
    }

    @Override
    public EventType<O> produces() {
        return handler.produces();
    }

    @Override
    public RunContext context(I asked) {
        return handler.context(asked);
    }

    @Override
    public O work(I asked, WorkContext context) throws Exception {
        String name = stage().name().replace("STAGE_", "").toLowerCase(Locale.ROOT);
        return tracing.in(
                tracing.span(name, SpanKind.INTERNAL, context(asked).getRun()).setAttribute(Tracing.STAGE, name),
                () -> handler.work(asked, context));
    }
}
