package dev.cloakproof.service.grpc;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.platform.security.RpcVerbs;
import dev.cloakproof.platform.security.Verb;
import dev.cloakproof.service.config.SecurityConfig;
import io.grpc.Attributes;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Lets a call through to whoever has the role of its verb, and to nobody if it has none. */
@GlobalInterceptor
@ApplicationScoped
public class CallerInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final Callers callers;

    CallerInterceptor(SecurityConfig config, @ConfigProperty(name = "quarkus.grpc.server.host") String host)
            throws IOException {
        callers = Callers.of(config, host);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (method.startsWith("grpc.health.v1.") || method.startsWith("grpc.reflection.")) {
            return next.startCall(call, headers); // probes; reflection is off outside of development
        }
        try {
            Caller caller = callers.of(token(headers), subject(call.getAttributes()));
            Verb verb = RpcVerbs.of(method)
                    .orElseThrow(() -> Reason.ROLE_MISSING
                            .problem("expected a call that somebody may make, found " + method)
                            .exception());
            caller.require(verb);
            return Contexts.interceptCall(Callers.with(caller), call, headers, next);
        } catch (CloakproofException refused) {
            StatusRuntimeException status = GrpcErrors.toStatus(refused);
            call.close(status.getStatus(), status.getTrailers());
            return new ServerCall.Listener<>() {};
        }
    }

    private static Optional<String> token(Metadata headers) {
        return Optional.ofNullable(headers.get(AUTHORIZATION))
                .map(header -> header.startsWith(BEARER) ? header.substring(BEARER.length()) : header);
    }

    private static Optional<String> subject(Attributes call) {
        SSLSession session = call.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            return session == null
                    ? Optional.empty()
                    : Optional.of(session.getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }
}
