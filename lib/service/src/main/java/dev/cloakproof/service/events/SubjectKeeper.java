package dev.cloakproof.service.events;

import java.time.Instant;

/**
 * Keeps something of subjects beside the runs that the index knows, and lets go of it when a subject is deleted. Every
 * bean of this type is told.
 */
public interface SubjectKeeper {
    /**
     * Deletes what is its own alone, and {@link Releases releases} what lies in the store. May be told twice.
     *
     * @param subjectSha256 the subject's hash
     * @param until what was created up to this moment goes; what came later is a new beginning
     * @throws Exception a problem that may be tried again, such as WORK_TAKEN while something is still at work
     */
    void forget(String subjectSha256, Instant until) throws Exception;
}
