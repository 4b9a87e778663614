package dev.cloakproof.service.grpc;

import dev.cloakproof.platform.errors.GrpcErrors;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import jakarta.enterprise.context.ApplicationScoped;

/** What an endpoint throws reaches its caller as the catalogue's problem, too. */
@ApplicationScoped
public class ThrownProblems implements ExceptionHandlerProvider {
    @Override
    public <Q, A> ExceptionHandler<Q, A> createHandler(
            ServerCall.Listener<Q> listener, ServerCall<Q, A> call, Metadata headers) {
        return new ExceptionHandler<>(listener, call, headers) {
            @Override
            protected void handleException(Throwable thrown, ServerCall<Q, A> broken, Metadata ignored) {
                StatusRuntimeException status = transform(thrown);
                broken.close(status.getStatus(), status.getTrailers());
            }
        };
    }

    @Override
    public StatusRuntimeException transform(Throwable thrown) {
        return GrpcErrors.toStatus(Calls.problem(thrown));
    }
}
