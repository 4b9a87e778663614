package dev.cloakproof.service.grpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.platform.security.Verb;
import dev.cloakproof.service.config.SecurityConfig;
import io.grpc.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may call, by bearer token or by client certificate.
 *
 * <pre>{@code
 * {"callers": [
 *   {"name": "anna", "token_sha256": "<64 hexadecimal digits>", "roles": ["cloakproof-upload", "cloakproof-view"]},
 *   {"name": "gateway", "certificate": "CN=gateway,O=example", "roles": ["cloakproof-purify"]}]}
 * }</pre>
 *
 * <p>The file holds hashes, so that reading it gives nobody a token. It is read at the start.
 */
public final class Callers {
    private static final Context.Key<Caller> CURRENT = Context.key("caller");
    private static final Set<String> ROLES =
            Arrays.stream(Verb.values()).map(Verb::role).collect(Collectors.toUnmodifiableSet());
    private static final Caller LOCAL = new Caller("local", ROLES);

    private final boolean open;
    private final Map<String, Caller> byToken = new HashMap<>();
    private final Map<String, Caller> byCertificate = new HashMap<>();

    private record Entry(String name, String token_sha256, String certificate, List<String> roles) {}

    private record Entries(List<Entry> callers) {}

    private Callers(boolean open) {
        this.open = open;
    }

    /**
     * Who may call a server.
     *
     * @param host that it listens on
     * @throws IllegalArgumentException if no callers are set and the host is more than this machine, or the file of
     *     callers is not as described
     */
    public static Callers of(SecurityConfig config, String host) throws IOException {
        if (config.callers().isPresent()) {
            return read(config.callers().get());
        }
        if (InetAddress.getByName(host).isLoopbackAddress()) {
            return everybody();
        }
        throw new IllegalArgumentException("expected cloakproof.security.callers for a server on " + host
                + ", found none: without it only a loopback address may be listened on");
    }

    /** Everybody may do everything: for a server that only its own machine reaches. */
    static Callers everybody() {
        return new Callers(true);
    }

    /** @throws IllegalArgumentException if the file is not as described */
    static Callers read(Path file) throws IOException {
        Callers callers = new Callers(false);
        try {
            for (Entry entry : new JsonMapper()
                    .readValue(Files.readAllBytes(file), Entries.class)
                    .callers()) {
                callers.add(entry);
            }
        } catch (JsonProcessingException | NullPointerException e) {
            throw new IllegalArgumentException(file + " is no file of callers: " + e.getMessage(), e);
        }
        return callers;
    }

    private void add(Entry entry) {
        if (!ROLES.containsAll(entry.roles())) {
            throw new IllegalArgumentException(
                    "caller " + entry.name() + ": expected roles of " + ROLES + ", found " + entry.roles());
        }
        Caller caller = new Caller(entry.name(), Set.copyOf(entry.roles()));
        if (entry.token_sha256() != null && entry.token_sha256().matches("[0-9a-f]{64}")) {
            byToken.put(entry.token_sha256(), caller);
        } else if (entry.certificate() != null) {
            byCertificate.put(entry.certificate(), caller);
        } else {
            throw new IllegalArgumentException("caller " + entry.name()
                    + ": expected a token_sha256 of 64 lower-case hexadecimal digits, or a certificate's subject");
        }
    }

    /** The caller of the current gRPC call. */
    public static Caller current() {
        Caller caller = CURRENT.get();
        if (caller == null) {
            throw new IllegalStateException("no call is being answered on this thread");
        }
        return caller;
    }

    /** The current context with a caller in it. */
    static Context with(Caller caller) {
        return Context.current().withValue(CURRENT, caller);
    }

    /**
     * @param token as presented
     * @param subject of the verified client certificate, RFC 2253
     * @throws dev.cloakproof.platform.errors.CloakproofException CREDENTIALS_INVALID
     */
    public Caller of(Optional<String> token, Optional<String> subject) {
        if (open) {
            return LOCAL;
        }
        // Looked up by hash: how long it takes says nothing about tokens.
        return token.map(given -> byToken.get(Sha256.of(given)))
                .or(() -> token.isPresent() ? Optional.empty() : subject.map(byCertificate::get))
                .orElseThrow(() -> Reason.CREDENTIALS_INVALID
                        .problem("expected a bearer token or a client certificate that is known here, found "
                                + (token.isPresent() ? "another token" : "none"))
                        .exception());
    }
}
