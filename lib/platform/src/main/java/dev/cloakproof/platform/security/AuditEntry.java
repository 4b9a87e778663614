package dev.cloakproof.platform.security;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Map;

/**
 * A line of the audit log.
 *
 * @param sequence position in the log, from 1
 * @param time when it happened
 * @param caller who did it
 * @param action what was done, such as {@code delete-subject}
 * @param target what it was done to, such as {@code subjects/anna}
 * @param details further facts, without pictures or prompts
 * @param previous hash of the line before, or 64 zeros
 */
@JsonPropertyOrder({"sequence", "time", "caller", "action", "target", "details", "previous"})
public record AuditEntry(
        long sequence,
        Instant time,
        String caller,
        String action,
        String target,
        Map<String, String> details,
        String previous) {}
