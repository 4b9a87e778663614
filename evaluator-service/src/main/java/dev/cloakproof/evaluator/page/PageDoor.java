package dev.cloakproof.evaluator.page;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.security.Verb;
import dev.cloakproof.service.config.SecurityConfig;
import dev.cloakproof.service.grpc.Callers;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who may see the pages, and how they say that something is wrong. Made at the start, so that a wrong setting stops it. */
@Startup
@Singleton
class PageDoor {
    private final Callers callers;
    private final Template error;

    PageDoor(
            SecurityConfig config,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @Location("error.html") Template error)
            throws IOException {
        this.callers = Callers.of(config, host);
        this.error = error;
    }

    /**
     * Lets whoever may look pass.
     *
     * @param authorization the header: a bearer token, or what a browser's password prompt makes, where the password is
     *     the token and the name does not matter; null without one
     * @return what to answer instead; empty for who may pass
     */
    Optional<Response> refusal(String authorization) {
        try {
            callers.of(token(authorization), Optional.empty()).require(Verb.VIEW);
            return Optional.empty();
        } catch (CloakproofException refused) {
            return Optional.of(page(refused.problem()));
        }
    }

    static Optional<String> token(String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        String[] parts = authorization.strip().split("\\s+", 2);
        if (parts.length == 2 && parts[0].equalsIgnoreCase("basic")) {
            try {
                String pair = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
                return Optional.of(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException garbage) {
                return Optional.of(""); // no token of anybody
            }
        }
        return Optional.of(parts[parts.length - 1]);
    }

    /** A page that says what is wrong. */
    Response page(Problem problem) {
        Response.Status status =
                switch (problem.reason()) {
                    case CREDENTIALS_INVALID -> Response.Status.UNAUTHORIZED;
                    case ROLE_MISSING -> Response.Status.FORBIDDEN;
                    case NOT_FOUND -> Response.Status.NOT_FOUND;
                    case BLOB_MISSING -> Response.Status.GONE;
                    case STORE_UNAVAILABLE -> Response.Status.SERVICE_UNAVAILABLE;
                    default -> Response.Status.INTERNAL_SERVER_ERROR;
                };
        Response.ResponseBuilder response = Response.status(status)
                .type(MediaType.TEXT_HTML + ";charset=UTF-8")
                .entity(error.data("reason", problem.reason().name())
                        .data("message", problem.message())
                        .render());
        if (status == Response.Status.UNAUTHORIZED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Cloakproof: your token as the password\"");
        }
        return response.build();
    }
}
