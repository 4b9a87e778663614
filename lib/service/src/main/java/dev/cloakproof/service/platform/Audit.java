package dev.cloakproof.service.platform;

import dev.cloakproof.platform.blob.FileErrors;
import dev.cloakproof.platform.security.AuditLog;
import dev.cloakproof.platform.security.Caller;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
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
     * @throws dev.cloakproof.platform.errors.CloakproofException DISK_FULL or STORE_UNAVAILABLE if it cannot be
     *     written
     */
    public void note(Caller caller, String action, String target, Map<String, String> details) {
        FileErrors.run("write the audit log", () -> log.append(caller.name(), action, target, details));
    }
}
