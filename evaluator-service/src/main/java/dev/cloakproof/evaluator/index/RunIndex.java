package dev.cloakproof.evaluator.index;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cloakproof.evaluator.index.Database.Session;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.security.Retention.Kind;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.MetricSummary;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All runs, in PostgreSQL. Events fold into it in any order and any number of times. Thread-safe, and several processes
 * may share a database. All methods throw {@link dev.cloakproof.platform.errors.CloakproofException} STORE_UNAVAILABLE
 * while the database does not answer.
 */
public final class RunIndex {
    private final Database database;
    private final ModelFiles models;

    /** Whether an event was taken in. */
    public enum Folded {
        /** The index knows it now, or knew it before. */
        TAKEN,
        /** Its run or subject was deleted: what it refers to has to go too. */
        DELETED
    }

    /** A number reported by a stage at a step. */
    public record CurvePoint(long step, double value) {}

    public RunIndex(Database database, ModelFiles models) {
        this.database = database;
        this.models = models;
    }

    /** Takes an event in. */
    public Folded fold(Event<?> event) {
        String run = event.correlationId();
        Fact fact = Fact.of(event);
        List<HeldBlob> held = blobs(event);
        return database.transaction(session -> {
            session.update(
                    "insert into runs (id, state, message, revision) values (?, 0, ''::bytea, 0)"
                            + " on conflict do nothing",
                    run);
            // Whoever folds or deletes the same run waits here; what it did is seen below.
            session.query("select id from runs where id = ? for update", row -> row.getString(1), run);
            if (isDeleted(session, run, RunFacts.context(fact.payload()))) {
                session.update("delete from runs where id = ?", run);
                return Folded.DELETED;
            }
            if (keep(session, run, fact)) {
                derive(session, run);
                hold(session, run, held, fact.time());
            }
            return Folded.TAKEN;
        });
    }

    private List<HeldBlob> blobs(Event<?> event) {
        List<HeldBlob> held = new ArrayList<>(HeldBlob.of(event.payload()));
        for (HeldBlob blob : List.copyOf(held)) {
            if (blob.kind() == Kind.MODEL) {
                models.of(blob.blob()).forEach(file -> held.add(new HeldBlob(file, Kind.MODEL)));
            }
        }
        return held;
    }

    private static boolean isDeleted(Session session, String run, Optional<RunContext> context) throws SQLException {
        if (session.any("select 1 from deleted_runs where id = ?", run)) {
            return true;
        }
        if (context.isEmpty()) {
            return false;
        }
        Instant created = Times.of(context.get().getCreateTime());
        boolean deleted = session.any(
                "select 1 from deleted_subjects where subject_sha256 = ? and time >= ?",
                Sha256.of(context.get().getSubject()),
                created);
        if (deleted) {
            session.update("insert into deleted_runs values (?, now()) on conflict do nothing", run);
        }
        return deleted;
    }

    /** @return whether it says anything new */
    private static boolean keep(Session session, String run, Fact fact) throws SQLException {
        if (fact.payload() instanceof RunProgress progress) {
            for (Map.Entry<String, Double> value :
                    progress.getProgress().getValuesMap().entrySet()) {
                session.update(
                        "insert into curve_points values (?, ?, ?, ?, ?) on conflict do nothing",
                        run,
                        fact.stage().getNumber(),
                        value.getKey(),
                        progress.getProgress().getStep(),
                        value.getValue());
            }
        }
        byte[] payload = fact.payload().toByteArray();
        int changed = session.update(
                "insert into facts values (?, ?, ?, ?, ?, ?) on conflict (run, topic, stage) do update set"
                        + " time = greatest(facts.time, excluded.time),"
                        + " first_time = least(facts.first_time, excluded.first_time),"
                        + " payload = case when (excluded.time, excluded.payload) > (facts.time, facts.payload)"
                        + " then excluded.payload else facts.payload end"
                        + " where (excluded.time, excluded.payload) > (facts.time, facts.payload)"
                        + " or excluded.first_time < facts.first_time",
                run,
                fact.topic(),
                fact.stage().getNumber(),
                fact.time(),
                fact.firstTime(),
                payload);
        return changed > 0;
    }

    /** Writes down what follows from the facts. */
    private static void derive(Session session, String id) throws SQLException {
        RunFacts facts = facts(session, id);
        Run run = facts.toRun();
        Optional<RunContext> context = facts.context();
        session.update(
                "update runs set subject = ?, create_time = ?, state = ?, message = ?, revision = revision + 1"
                        + " where id = ?",
                context.map(RunContext::getSubject).orElse(null),
                context.map(known -> Times.of(known.getCreateTime())).orElse(null),
                run.getStateValue(),
                run.toByteArray(),
                id);
        Optional<RunEvaluated> evaluated = facts.only(EventType.RUN_EVALUATED);
        if (evaluated.isPresent()) {
            session.update("delete from scores where run = ?", id);
            for (MetricSummary score : evaluated.get().getScoresList()) {
                session.update(
                        "insert into scores values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                        id,
                        score.getSet(),
                        score.getMetric(),
                        score.getMean(),
                        score.hasIntervalLow() ? score.getIntervalLow() : null,
                        score.hasIntervalHigh() ? score.getIntervalHigh() : null,
                        score.getCount());
            }
        }
    }

    private static void hold(Session session, String run, List<HeldBlob> held, Instant since) throws SQLException {
        if (!held.isEmpty()) {
            BlobLock.shared(session);
        }
        for (HeldBlob one : held) {
            session.update(
                    "insert into blob_references values (?, ?, ?, ?, ?, ?) on conflict (run, sha256, kind)"
                            + " do update set time = least(blob_references.time, excluded.time)",
                    run,
                    one.blob().sha256(),
                    one.kind().name(),
                    one.blob().sizeBytes(),
                    one.blob().mediaType(),
                    since);
        }
    }

    private static RunFacts facts(Session session, String run) throws SQLException {
        return new RunFacts(
                run,
                session.query(
                        "select topic, stage, time, first_time, payload from facts where run = ?",
                        row -> Fact.read(
                                row.getString("topic"),
                                row.getInt("stage"),
                                Database.instant(row, "time"),
                                Database.instant(row, "first_time"),
                                row.getBytes("payload")),
                        run));
    }

    /** A run by its id, or empty if no event told of it yet. */
    public Optional<Run> get(String id) {
        return database.transaction(session ->
                session.first("select message from runs where id = ? and subject is not null", RunIndex::run, id));
    }

    /** How a run was scored, once it was. */
    public Optional<RunEvaluated> evaluated(String id) {
        return database.transaction(session -> facts(session, id).only(EventType.RUN_EVALUATED));
    }

    /** A run as it will be with its last two events, of which the index may know none yet. */
    public Run preview(String id, ImagesSampled sampled, RunEvaluated evaluated) {
        List<Fact> facts = new ArrayList<>(List.of(
                Fact.now(EventType.IMAGES_SAMPLED, sampled, sampled.getRecord()),
                Fact.now(EventType.RUN_EVALUATED, evaluated, evaluated.getRecord())));
        RunFacts known = database.transaction(session -> facts(session, id));
        return known.with(facts).toRun();
    }

    /** What was drawn, with prompts and seeds, once it is there. */
    public Optional<ImagesSampled> samples(String id) {
        return database.transaction(session -> facts(session, id).only(EventType.IMAGES_SAMPLED));
    }

    /** Where the training curve lies, once it is whole. */
    public Optional<Blob> curve(String id) {
        return database.transaction(session -> {
            RunFacts facts = facts(session, id);
            return facts.only(EventType.MODEL_TRAINED)
                    .map(trained -> trained.getCurve())
                    .or(() -> facts.only(EventType.IMAGES_SAMPLED).map(ImagesSampled::getCurve))
                    .filter(curve -> !curve.getSha256().isEmpty())
                    .map(curve -> new Blob(curve.getSha256(), curve.getSizeBytes(), curve.getMediaType()));
        });
    }

    /** Numbers of one name that a stage reported so far, by step. */
    public List<CurvePoint> points(String id, Stage stage, String name) {
        return database.transaction(session -> session.query(
                "select step, value from curve_points where run = ? and stage = ? and name = ? order by step",
                row -> new CurvePoint(row.getLong(1), row.getDouble(2)),
                id,
                stage.getNumber(),
                name));
    }

    /**
     * A page of runs, the newest first.
     *
     * @param most runs, 1 or more
     */
    public List<Run> list(RunFilter filter, Optional<RunPosition> after, int most) {
        List<Object> values = new ArrayList<>();
        var sql = new StringBuilder("select message from runs where subject is not null");
        filter.subject().ifPresent(subject -> {
            sql.append(" and subject = ?");
            values.add(subject);
        });
        filter.state().ifPresent(state -> {
            sql.append(" and state = ?");
            values.add(state.getNumber());
        });
        after.ifPresent(last -> {
            sql.append(" and (create_time, id) < (?, ?)");
            values.add(last.createTime());
            values.add(last.id());
        });
        sql.append(" order by create_time desc, id desc limit ?");
        values.add(most);
        return database.transaction(session -> session.query(sql.toString(), RunIndex::run, values.toArray()));
    }

    /** How often each of some runs has changed. Runs that are not there are left out. */
    public Map<String, Long> revisions(Collection<String> ids) {
        Map<String, Long> revisions = new HashMap<>();
        database.transaction(session -> session.query(
                "select id, revision from runs where id = any(?) and subject is not null",
                row -> revisions.put(row.getString(1), row.getLong(2)),
                (Object) ids.toArray(String[]::new)));
        return revisions;
    }

    /** Whether no event was ever taken in. */
    public boolean isEmpty() {
        return database.transaction(session ->
                !session.any("select 1 from runs limit 1") && !session.any("select 1 from deleted_runs limit 1"));
    }

    private static Run run(ResultSet row) throws SQLException {
        try {
            return Run.parseFrom(row.getBytes("message"));
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException("a damaged run in the index", damaged);
        }
    }
}
