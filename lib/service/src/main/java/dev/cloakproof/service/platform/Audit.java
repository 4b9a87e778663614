package dev.cloakproof.service.platform;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.AuditLog;
import dev.cloakproof.platform.security.Caller;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;

/** Writes down who did what. What cannot be written down is not done: call it first. */
@Startup
@Singleton
public class Audit {
    private final AuditLog log;

    Audit(AuditLog log) {
        this.log = log;
    }

    /**
     * Writes a line and returns when it is on the disk.
     *
     * @param action such as {@code create-upload}
     * @param target such as {@code subjects/anna}
     * @param details without pictures or prompts
     * @throws dev.cloakproof.platform.errors.CloakproofException STORE_UNAVAILABLE if it cannot be written
     */
    public void note(Caller caller, String action, String target, Map<String, String> details) {
        try {
            log.append(caller.name(), action, target, details);
        } catch (IOException e) {
            throw Reason.STORE_UNAVAILABLE
                    .problem("the audit log cannot be written, so nothing was done")
                    .exception(e);
        }
    }
}
