package dev.cloakproof.evaluator.index;

import dev.cloakproof.evaluator.index.Database.Session;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.platform.security.Retention.Kind;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Deletes runs with all that is theirs. A blob goes when no run holds it any more. What a run's stages still bring to an
 * end goes as soon as its event comes. A crash leaves the run in the index and the rest of its blobs: deleting it again
 * finishes.
 */
public final class Deletions {
    /** What other services answer for, which may hold the same blobs. */
    private static final List<String> CLAIMED_BY_OTHERS = List.of("jobs", "uploads");

    private static final Pattern RELEASABLE =
            Pattern.compile("uploads/[0-9a-f]{64}/[\\w-]+|jobs/(trainings|protections)/all/[\\w-]+");

    /** Stay when a run goes: they keep stages from beginning and events from coming back. */
    private static final Set<String> MARKERS = Set.of("cancelled", "deleted");

    private final Database database;
    private final ObjectStore objects;
    private final BlobStore blobs;
    private final ModelFiles models;
    private final Tombstones tombstones;
    private final Claims claims;
    private final Leases leases;
    private final InstantSource clock;

    public Deletions(
            Database database,
            ObjectStore objects,
            BlobStore blobs,
            ModelFiles models,
            Leases leases,
            InstantSource clock) {
        this.database = database;
        this.objects = objects;
        this.blobs = blobs;
        this.models = models;
        this.leases = leases;
        this.tombstones = new Tombstones(objects);
        this.claims = new Claims(objects);
        this.clock = clock;
    }

    /** Deletes a run, whatever its state; nothing if there is none. */
    public Deleted run(String id) {
        Instant now = clock.instant();
        tombstones.runIsDeleted(id, now);
        Candidates claimed = new Candidates(claims.of(folder(id)), folder(id));
        return database.transaction(session -> {
            BlobLock.exclusive(session);
            session.query("select id from runs where id = ? for update", row -> row.getString(1), id);
            session.update("insert into deleted_runs values (?, ?) on conflict do nothing", id, now);
            List<Blob> held = session.query(
                    "delete from blob_references where run = ? returning sha256, size_bytes, media_type",
                    row -> new Blob(row.getString(1), row.getLong(2), row.getString(3)),
                    id);
            Deleted gone = let(session, claimed.and(held));
            deleteObjects(id);
            // Last: a run whose deletion broke off is still there to be deleted again.
            int rows = session.update("delete from runs where id = ?", id);
            return new Deleted(rows, gone.blobs(), gone.sizeBytes());
        });
    }

    /**
     * Deletes all runs of a subject, also those whose first event has not come yet.
     *
     * @param now what was created up to this moment goes
     */
    public Deleted subject(String subject, Instant now) {
        tombstones.subjectIsDeleted(subject, now);
        List<String> ids = database.transaction(session -> {
            session.update(
                    "insert into deleted_subjects values (?, ?) on conflict (subject_sha256)"
                            + " do update set time = greatest(deleted_subjects.time, excluded.time)",
                    Sha256.of(subject),
                    now);
            return session.query("select id from runs where subject = ? order by id", row -> row.getString(1), subject);
        });
        return ids.stream().map(this::run).reduce(Deleted.NOTHING, Deleted::plus);
    }

    /** Deletes what an event of a deleted run refers to and nobody else holds. */
    public Deleted discard(Event<?> late) {
        tombstones.runIsDeleted(late.correlationId(), clock.instant());
        List<HeldBlob> held = HeldBlob.of(late.payload());
        List<Blob> named = held.stream().map(HeldBlob::blob).toList();
        List<Blob> files = held.stream()
                .filter(one -> one.kind() == Kind.MODEL)
                .flatMap(one -> models.of(one.blob()).stream())
                .toList();
        String run = folder(late.correlationId());
        Candidates candidates = new Candidates(claims.of(run), run).and(files).and(named);
        Deleted deleted = database.transaction(session -> {
            BlobLock.exclusive(session);
            return let(session, candidates);
        });
        deleteObjects(late.correlationId());
        return deleted;
    }

    /**
     * Deletes a part of the store that a service let go of, with the blobs that are claimed there and nobody else holds.
     *
     * @throws CloakproofException EVENT_UNREADABLE if it is no such part
     */
    public Deleted released(String folder) {
        if (!RELEASABLE.matcher(folder).matches()) {
            throw Reason.EVENT_UNREADABLE
                    .problem("expected a job's or an upload's folder, found \"" + folder + "\"")
                    .exception();
        }
        Candidates candidates = new Candidates(claims.of(folder), folder);
        Deleted deleted = database.transaction(session -> {
            BlobLock.exclusive(session);
            return let(session, candidates);
        });
        // The claims last: while they are there, this can be done again.
        List<ObjectKey> all = objects.list(folder + "/");
        all.stream().filter(key -> !Claims.isClaim(key)).forEach(objects::delete);
        all.stream().filter(Claims::isClaim).forEach(objects::delete);
        return deleted;
    }

    private static String folder(String run) {
        return "runs/" + run;
    }

    /** Deletes what was kept as long as the policy has it. */
    public Deleted expired(Retention retention) {
        Instant now = clock.instant();
        Deleted deleted = Deleted.NOTHING;
        for (Kind kind : Kind.values()) {
            Instant limit = now.minus(retention.periods().get(kind));
            List<String> runs = database.transaction(session -> session.query(
                    "select distinct run from blob_references where kind = ? and time <= ?",
                    row -> row.getString(1),
                    kind.name(),
                    limit));
            for (String run : runs) {
                deleted = deleted.plus(expire(run, kind, limit));
            }
        }
        for (String run : database.transaction(session -> session.query(
                "select id from runs where create_time <= ?",
                row -> row.getString(1),
                now.minus(retention.longest())))) {
            deleted = deleted.plus(run(run));
        }
        return deleted;
    }

    private Deleted expire(String run, Kind kind, Instant limit) {
        Deleted deleted = database.transaction(session -> {
            BlobLock.exclusive(session);
            session.update("update runs set revision = revision + 1 where id = ?", run);
            List<Blob> held = session.query(
                    "delete from blob_references where run = ? and kind = ? and time <= ?"
                            + " returning sha256, size_bytes, media_type",
                    row -> new Blob(row.getString(1), row.getLong(2), row.getString(3)),
                    run,
                    kind.name(),
                    limit);
            return let(session, new Candidates(held, folder(run)));
        });
        if (kind == Kind.MODEL) {
            deleteCheckpoints(run);
        }
        return deleted;
    }

    /**
     * Blobs to delete if nobody holds them.
     *
     * @param owner whose claims do not count
     */
    private record Candidates(List<Blob> blobs, String owner) {
        Candidates and(List<Blob> more) {
            return new Candidates(Stream.concat(blobs.stream(), more.stream()).toList(), owner);
        }
    }

    /** Deletes those blobs that no run, job or upload holds. */
    private Deleted let(Session session, Candidates candidates) throws SQLException {
        int count = 0;
        long bytes = 0;
        Set<String> elsewhere =
                candidates.blobs().isEmpty() ? Set.of() : claims.hashes(CLAIMED_BY_OTHERS, candidates.owner());
        for (Blob blob : candidates.blobs()) {
            boolean held = elsewhere.contains(blob.sha256())
                    || session.any("select 1 from blob_references where sha256 = ?", blob.sha256());
            if (!held && blobs.delete(blob)) {
                count++;
                bytes += blob.sizeBytes();
            }
        }
        return new Deleted(0, count, bytes);
    }

    /**
     * Results, leases and checkpoints of a run's stages. Leases of a stage at work stay, and with them the claims: it may
     * be about to store what it claimed. It says when it has ended, and then they go.
     */
    private void deleteObjects(String run) {
        String prefix = folder(run) + "/";
        List<ObjectKey> all = objects.list(prefix);
        Set<ObjectKey> held = all.stream()
                .filter(key -> key.text().endsWith("/lease.json") && leases.isHeld(key))
                .collect(Collectors.toSet());
        all.stream()
                .filter(key -> !MARKERS.contains(key.text().substring(prefix.length())))
                .filter(key -> held.isEmpty() || !Claims.isClaim(key) && !held.contains(key))
                .forEach(objects::delete);
    }

    /** What the training kept to go on from; its result stays, so that it is not trained again. */
    private void deleteCheckpoints(String run) {
        for (ObjectKey key : objects.list("runs/" + run + "/train/")) {
            if (!key.text().endsWith("/result.pb")) {
                objects.delete(key);
            }
        }
    }
}
