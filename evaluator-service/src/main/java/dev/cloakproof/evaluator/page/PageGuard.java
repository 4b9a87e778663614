package dev.cloakproof.evaluator.page;

import dev.cloakproof.platform.errors.CloakproofException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Stands around every page. Quarkus makes it before there are settings, so that it asks for the door when it is used. */
@Singleton
public class PageGuard {
    private static final String POLICY =
            "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Instance<PageDoor> door;

    PageGuard(Instance<PageDoor> door) {
        this.door = door;
    }

    @ServerRequestFilter
    public Optional<Response> admit(ContainerRequestContext request) {
        return door.get().refusal(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    }

    /** What browsers may do with a page: nothing that comes from elsewhere. */
    @ServerResponseFilter
    public void protect(ContainerResponseContext response) {
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.putSingle("Content-Security-Policy", POLICY);
        headers.putSingle("X-Content-Type-Options", "nosniff");
        headers.putSingle("Referrer-Policy", "no-referrer");
    }

    @ServerExceptionMapper
    public Response say(CloakproofException thrown) {
        return door.get().page(thrown.problem());
    }
}
