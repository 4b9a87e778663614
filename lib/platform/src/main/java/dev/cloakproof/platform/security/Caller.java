package dev.cloakproof.platform.security;

import dev.cloakproof.platform.errors.Reason;
import java.util.Set;

/**
 * Who calls.
 *
 * @param name as in the token or certificate; goes into the audit log
 * @param roles the roles that the token carries
 */
public record Caller(String name, Set<String> roles) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Returns if the caller may do this; ROLE_MISSING otherwise. */
    public void require(Verb verb) {
        if (!roles.contains(verb.role())) {
            throw Reason.ROLE_MISSING
                    .problem("expected the role " + verb.role() + ", found "
                            + roles.stream().sorted().toList())
                    .with("role", verb.role())
                    .exception();
        }
    }
}
