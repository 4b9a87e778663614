package dev.cloakproof.evaluator.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.evaluator.evaluate.Evaluation;
import dev.cloakproof.evaluator.evaluate.Evaluation.Sample;
import dev.cloakproof.evaluator.evaluate.RunEvaluation;
import dev.cloakproof.evaluator.evaluate.RunEvaluation.PictureSet;
import dev.cloakproof.evaluator.evaluate.RunEvaluation.Question;
import dev.cloakproof.evaluator.evaluate.RunScores;
import dev.cloakproof.evaluator.evaluate.ScoreDocument;
import dev.cloakproof.evaluator.work.PackNetworks;
import dev.cloakproof.evaluator.work.Questions;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import dev.cloakproof.v1.MetricSummary;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scores a run's pictures and writes its report. */
@Singleton
class EvaluateStage implements StageHandler<ImagesSampled, RunEvaluated> {
    static final String PROTECTED = "protected";
    static final String PURIFIED = "purified";
    static final String SAMPLES = "samples";

    private final Authorizations authorizations;
    private final PackNetworks packs;
    private final StoredPictures pictures;
    private final BlobStore blobs;
    private final RequestRecords records;
    private final ReportWriter reports;
    private final ServiceMetrics metrics;
    private final InstantSource clock;

    EvaluateStage(
            Authorizations authorizations,
            PackNetworks packs,
            StoredPictures pictures,
            BlobStore blobs,
            RequestRecords records,
            ReportWriter reports,
            ServiceMetrics metrics,
            InstantSource clock) {
        this.authorizations = authorizations;
        this.packs = packs;
        this.pictures = pictures;
        this.blobs = blobs;
        this.records = records;
        this.reports = reports;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.STAGE_EVALUATE;
    }

    @Override
    public EventType<ImagesSampled> consumes() {
        return EventType.IMAGES_SAMPLED;
    }

    @Override
    public EventType<RunEvaluated> produces() {
        return EventType.RUN_EVALUATED;
    }

    @Override
    public RunContext context(ImagesSampled asked) {
        return asked.getContext();
    }

    @Override
    public RunEvaluated work(ImagesSampled asked, WorkContext context) {
        RunContext run = asked.getContext();
        authorizations.require(run.getAuthorization());
        Instant begun = clock.instant();
        // 1. What is asked, and with which networks
        Question question = Questions.of(run.getParameters().getEvaluation());
        Optional<ServicePack> pack = packs.find(run.getParameters().getPack());
        // 2. Scores
        List<String> notes = new ArrayList<>();
        RunScores scores = new RunEvaluation(packs.of(pack), question)
                .score(sets(asked, notes), notes, (done, all, message) -> {
                    context.checkCancelled();
                    context.progress(done, all, message, Map.of());
                });
        ObjectNode document = ScoreDocument.of(scores).put("run", run.getRun());
        // 3. The result, and a report of it
        RunEvaluated.Builder result = RunEvaluated.newBuilder()
                .setContext(run)
                .addAllScores(summaries(scores))
                .setScoresJson(References.of(blobs.put(
                        document.toPrettyString().getBytes(StandardCharsets.UTF_8),
                        "application/json",
                        context::storing)))
                .setRecord(record(asked, question, pack, begun));
        context.checkCancelled();
        byte[] report = reports.html(asked, result.build(), document);
        return result.setReport(References.of(blobs.put(report, "text/html", context::storing)))
                .build();
    }

    /** The sets in the order in which they came to be. */
    private List<PictureSet> sets(ImagesSampled asked, List<String> notes) {
        List<Picture> clean = asked.getContext().getReferencesList().stream()
                .map(pictures::read)
                .toList();
        List<Picture> person = clean;
        if (clean.isEmpty()) {
            person = asked.getProtectedPicturesList().stream()
                    .map(pictures::read)
                    .toList();
            notes.add("Identity is compared with the protected pictures, because no clean ones were sent.");
        }
        List<Sample> before = samples(asked.getProtectedPicturesList());
        List<Sample> after = samples(asked.getPurifiedPicturesList());
        boolean pairs = before.size() == after.size();
        if (pairs) {
            after = Evaluation.paired(after, before);
        } else {
            notes.add("Faithfulness is not scored: there are " + before.size() + " protected and " + after.size()
                    + " purified pictures.");
        }
        List<PictureSet> sets = new ArrayList<>();
        add(sets, new PictureSet(PROTECTED, before, clean, Optional.empty()));
        add(sets, new PictureSet(PURIFIED, after, person, pairs ? Optional.of(PROTECTED) : Optional.empty()));
        List<Sample> drawn = samples(asked.getSamplesList().stream()
                .map(SampledReference::getPicture)
                .toList());
        add(sets, new PictureSet(SAMPLES, drawn, person, Optional.empty()));
        return sets;
    }

    private static void add(List<PictureSet> sets, PictureSet set) {
        if (!set.pictures().isEmpty()) {
            sets.add(set);
        }
    }

    /** A picture that cannot be decoded has a problem in the report; a blob that is gone ends the stage. */
    private List<Sample> samples(List<PictureReference> references) {
        return references.stream()
                .map(reference ->
                        new Sample(reference.getName(), () -> StoredPictures.READER.read(pictures.encoded(reference))))
                .toList();
    }

    private List<MetricSummary> summaries(RunScores scores) {
        List<MetricSummary> summaries = new ArrayList<>();
        scores.sets()
                .forEach(set -> set.means().forEach((metric, mean) -> {
                    metrics.score(metric.id()).record(mean.mean());
                    MetricSummary.Builder summary = MetricSummary.newBuilder()
                            .setSet(set.name())
                            .setMetric(metric.id())
                            .setMean(mean.mean())
                            .setCount(mean.count());
                    if (scores.resamples() > 0) {
                        summary.setIntervalLow(mean.low()).setIntervalHigh(mean.high());
                    }
                    summaries.add(summary.build());
                }));
        return summaries;
    }

    private RequestRecord record(ImagesSampled asked, Question question, Optional<ServicePack> pack, Instant begun) {
        RequestRecord.Builder record = records.begin(stage(), pack, begun, clock.instant())
                .setParameters(asked.getContext().getParameters().toBuilder()
                        .setEvaluation(Questions.filled(
                                asked.getContext().getParameters().getEvaluation(), question)))
                .putSeeds("bootstrap", RunScores.SEED);
        asked.getContext().getReferencesList().forEach(picture -> record.addInputs(picture.getBlob()));
        asked.getProtectedPicturesList().forEach(picture -> record.addInputs(picture.getBlob()));
        asked.getPurifiedPicturesList().forEach(picture -> record.addInputs(picture.getBlob()));
        asked.getSamplesList()
                .forEach(sample -> record.addInputs(sample.getPicture().getBlob()));
        return record.build();
    }
}
