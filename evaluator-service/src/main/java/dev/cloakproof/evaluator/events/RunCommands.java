package dev.cloakproof.evaluator.events;

import dev.cloakproof.evaluator.index.Deleted;
import dev.cloakproof.evaluator.index.Deletions;
import dev.cloakproof.evaluator.index.RunFilter;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.evaluator.index.RunStates;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Cancellations;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.service.platform.Audit;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.SubjectDeleted;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be done to runs. Everything is written into the audit log first. */
@Singleton
public class RunCommands {
    private static final String SOURCE = "/evaluator";
    private static final Caller POLICY = new Caller("retention", Set.of());
    private static final int PAGE = 200;

    private final RunIndex index;
    private final Deletions deletions;
    private final Cancellations cancellations;
    private final EventPublisher publisher;
    private final Audit audit;
    private final Retention retention;
    private final InstantSource clock;

    RunCommands(
            RunIndex index,
            Deletions deletions,
            Cancellations cancellations,
            EventPublisher publisher,
            Audit audit,
            Retention retention,
            InstantSource clock) {
        this.index = index;
        this.deletions = deletions;
        this.cancellations = cancellations;
        this.publisher = publisher;
        this.audit = audit;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * Asks the stage at work to stop, and keeps later ones from beginning.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException NOT_FOUND or STATE_FINAL
     */
    public Run cancel(Caller caller, String id, String explanation) {
        Run run = require(id);
        if (RunStates.isFinal(run.getState())) {
            throw Reason.STATE_FINAL
                    .problem("expected a run that goes on, found " + run.getName() + " in " + run.getState())
                    .with("run", id)
                    .with("state", run.getState())
                    .exception();
        }
        audit.note(caller, "cancel-run", run.getName(), Map.of());
        stop(caller, id, explanation);
        return require(id);
    }

    /**
     * Deletes a final run with its outputs.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException NOT_FOUND or STATE_NOT_FINAL
     */
    public Deleted delete(Caller caller, String id) {
        Run run = require(id);
        if (!RunStates.isFinal(run.getState())) {
            throw Reason.STATE_NOT_FINAL
                    .problem("expected a run that has ended, found " + run.getName() + " in " + run.getState()
                            + ": cancel it first")
                    .with("run", id)
                    .with("state", run.getState())
                    .exception();
        }
        audit.note(caller, "delete-run", run.getName(), Map.of("subject", run.getSubject()));
        return done(caller, run.getName(), deletions.run(id));
    }

    /**
     * Deletes everything of a subject, cancels its runs, and has the other services let go of what they keep: what they
     * were at work on goes a little later. Repeating it is safe.
     *
     * @return what was deleted at once
     */
    public Deleted deleteSubject(Caller caller, String subject) {
        String target = "subjects/" + subject;
        audit.note(caller, "delete-subject", target, Map.of());
        var filter = new RunFilter(Optional.of(subject), Optional.empty());
        Instant now = clock.instant();
        List<Run> runs;
        Deleted deleted = Deleted.NOTHING;
        do {
            runs = index.list(filter, Optional.empty(), PAGE);
            runs.stream()
                    .filter(run -> !RunStates.isFinal(run.getState()))
                    .forEach(run -> stop(caller, RunStates.id(run), "the subject was deleted"));
            for (Run run : runs) {
                deleted = deleted.plus(deletions.run(RunStates.id(run)));
            }
        } while (runs.size() == PAGE);
        deleted = deleted.plus(deletions.subject(subject, now));
        publisher.publish(subjectDeleted(caller, subject, now));
        return done(caller, target, deleted);
    }

    private static Event<SubjectDeleted> subjectDeleted(Caller caller, String subject, Instant now) {
        String hash = Tombstones.hash(subject);
        return Event.ofSubject(
                EventType.SUBJECT_DELETED,
                Sha256.of("delete " + hash + " " + now).substring(0, 32),
                SOURCE,
                hash,
                now,
                SubjectDeleted.newBuilder()
                        .setSubjectSha256(hash)
                        .setDeleteTime(References.timestamp(now))
                        .setRequestedBy(caller.name())
                        .build());
    }

    /** Deletes what the retention policy says. */
    public Deleted sweep() {
        Deleted deleted = deletions.expired(retention);
        if (!deleted.equals(Deleted.NOTHING)) {
            done(POLICY, "expired", deleted);
        }
        return deleted;
    }

    private Run require(String id) {
        return index.get(id)
                .orElseThrow(() -> Reason.NOT_FOUND
                        .problem("expected a run that is known, found none of the name runs/" + id)
                        .with("run", id)
                        .exception());
    }

    private void stop(Caller caller, String id, String explanation) {
        // Stored first: it also stops stages that begin while the broker is away.
        cancellations.request(id, caller.name());
        Event<RunCancelRequested> event = Event.first(
                EventType.RUN_CANCEL,
                Sha256.of("cancel " + id).substring(0, 32), // a repeated request is the same event
                SOURCE,
                id,
                clock.instant(),
                RunCancelRequested.newBuilder()
                        .setRun("runs/" + id)
                        .setRequestedBy(caller.name())
                        .setExplanation(explanation)
                        .build());
        publisher.publish(event);
        index.fold(event); // so that the caller sees it at once
    }

    private Deleted done(Caller caller, String target, Deleted deleted) {
        audit.note(
                caller,
                "deleted",
                target,
                Map.of(
                        "runs", String.valueOf(deleted.runs()),
                        "blobs", String.valueOf(deleted.blobs()),
                        "bytes", String.valueOf(deleted.sizeBytes())));
        return deleted;
    }
}
