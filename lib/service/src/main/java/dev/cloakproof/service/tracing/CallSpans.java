package dev.cloakproof.service.tracing;

import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Optional;

/** A span for each call, but for those of probes, of which there are several a minute for each pod. */
@GlobalInterceptor
@ApplicationScoped
public class CallSpans implements ServerInterceptor {
    private static final Metadata.Key<String> TRACEPARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private final Tracing tracing;

    CallSpans(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (method.startsWith("grpc.")) {
            return next.startCall(call, headers);
        }
        Span span = tracing.span(method, SpanKind.SERVER, "")
                .setParent(tracing.context(Optional.ofNullable(headers.get(TRACEPARENT))))
                .setAttribute("rpc.system", "grpc")
                .setAttribute("rpc.service", call.getMethodDescriptor().getServiceName())
                .setAttribute("rpc.method", call.getMethodDescriptor().getBareMethodName())
                .startSpan();
        var answered = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                end(span, status, trailers);
                super.close(status, trailers);
            }
        };
        return new SimpleForwardingServerCallListener<>(
                Contexts.interceptCall(Tracing.during(span), answered, headers, next)) {
            @Override
            public void onCancel() {
                end(span, Status.CANCELLED, new Metadata());
                super.onCancel();
            }
        };
    }

    private static void end(Span span, Status status, Metadata trailers) {
        span.setAttribute("rpc.grpc.status_code", status.getCode().value());
        // The reason only: a message may name a subject.
        String outcome = status.isOk()
                ? "done"
                : GrpcErrors.fromStatus(status.asRuntimeException(trailers))
                        .map(Problem::reason)
                        .map(reason -> reason.metricLabel())
                        .orElse(status.getCode().name().toLowerCase(Locale.ROOT));
        span.setAttribute(Tracing.OUTCOME, outcome);
        if (isOurFault(status.getCode())) {
            span.setAttribute(Tracing.ERROR, outcome);
            span.setStatus(StatusCode.ERROR, outcome);
        }
        span.end();
    }

    /** As OpenTelemetry's conventions have it for the server's side: what the caller did wrong is no error here. */
    private static boolean isOurFault(Status.Code code) {
        return switch (code) {
            case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
            default -> false;
        };
    }
}
