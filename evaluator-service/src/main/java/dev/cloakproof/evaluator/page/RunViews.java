package dev.cloakproof.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.evaluator.index.RunIndex.CurvePoint;
import dev.cloakproof.evaluator.index.RunStates;
import dev.cloakproof.evaluator.page.RunView.PairView;
import dev.cloakproof.evaluator.page.RunView.ParameterGroup;
import dev.cloakproof.evaluator.page.RunView.PictureView;
import dev.cloakproof.evaluator.page.RunView.SampleGroup;
import dev.cloakproof.evaluator.page.RunView.SampleView;
import dev.cloakproof.evaluator.page.RunView.StageView;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.StageStatus;
import dev.cloakproof.v1.WorkState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes what the page shows of what is known. */
final class RunViews {
    /** Rows of the curve's table. */
    private static final int CURVE_ROWS = 20;
    /** Pictures up to this side are shown pixel by pixel. */
    private static final int SMALL = 128;

    private RunViews() {}

    /**
     * What there is of a run.
     *
     * @param samples drawn pictures to show
     * @param scores the document; missing until it is there
     * @param curve numbers of the training by step
     * @param source where a picture's bytes are, for the page
     */
    record Known(
            Run run,
            long revision,
            List<SampledReference> samples,
            JsonNode scores,
            List<CurvePoint> curve,
            Function<PictureReference, String> source) {}

    static RunView of(Known known) {
        Run run = known.run();
        boolean live = !RunStates.isFinal(run.getState());
        boolean scored = known.scores().has("sets");
        List<String> notes = scored ? ScoreViews.notes(known.scores()) : new ArrayList<>();
        if (known.samples().size() < run.getSampledPicturesCount()) {
            notes = new ArrayList<>(notes);
            notes.add(known.samples().size() + " of the " + run.getSampledPicturesCount()
                    + " drawn pictures are shown here; all are scored.");
        }
        return new RunView(
                RunStates.id(run),
                Texts.state(run.getState()),
                live,
                known.revision(),
                status(run),
                run.hasFailure() && run.getState() == WorkState.WORK_STATE_FAILED
                        ? run.getFailure().getReason() + ": " + run.getFailure().getMessage()
                        : "",
                facts(run),
                notes,
                run.getStagesList().stream().map(RunViews::stage).toList(),
                pairs(known),
                CurvePlot.svg(known.curve(), "loss"),
                rows(known.curve()),
                groups(known),
                scored ? ScoreViews.of(known.scores()) : null,
                parameters(run));
    }

    private static String status(Run run) {
        String stage = Texts.stage(run.getStage());
        return switch (run.getState()) {
            case WORK_STATE_QUEUED -> "Waits for a worker.";
            case WORK_STATE_RUNNING -> stage + (isWaiting(run) ? " waits for a worker." : " is at work.");
            case WORK_STATE_CANCELLING -> "Stops after the current step.";
            case WORK_STATE_SUCCEEDED -> "All stages have ended well.";
            case WORK_STATE_FAILED -> stage + " failed.";
            case WORK_STATE_CANCELLED -> "Was cancelled.";
            default -> "";
        };
    }

    private static boolean isWaiting(Run run) {
        return run.getStagesList().stream()
                .anyMatch(status ->
                        status.getStage() == run.getStage() && status.getState() == WorkState.WORK_STATE_QUEUED);
    }

    private static List<Fields.Row> facts(Run run) {
        List<Fields.Row> facts = new ArrayList<>();
        facts.add(new Fields.Row("Subject", run.getSubject()));
        facts.add(new Fields.Row("Created", Texts.time(run.getCreateTime())));
        if (run.hasEndTime()) {
            facts.add(new Fields.Row("Ended", Texts.time(run.getEndTime())));
        }
        if (run.hasExpireTime()) {
            facts.add(new Fields.Row("Deleted by then", Texts.time(run.getExpireTime())));
        }
        return facts;
    }

    private static StageView stage(StageStatus status) {
        List<String> detail = new ArrayList<>();
        boolean running = status.getState() == WorkState.WORK_STATE_RUNNING;
        if (running && !status.getProgress().getMessage().isEmpty()) {
            detail.add(status.getProgress().getMessage());
        }
        if (running && status.getProgress().hasRemainingDuration()) {
            detail.add("about " + Texts.duration(status.getProgress().getRemainingDuration()) + " left");
        }
        if (status.hasStartTime() && status.hasEndTime()) {
            detail.add("took " + Texts.duration(Texts.between(status.getStartTime(), status.getEndTime())));
        }
        return new StageView(
                Texts.stage(status.getStage()),
                Texts.state(status.getState()),
                running ? status.getProgress().getStep() : 0,
                running ? status.getProgress().getTotalSteps() : 0,
                String.join(", ", detail));
    }

    private static List<PairView> pairs(Known known) {
        List<PictureReference> before = known.run().getProtectedPicturesList();
        List<PictureReference> after = known.run().getPurifiedPicturesList();
        List<PairView> pairs = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            PictureReference one = before.get(i);
            pairs.add(new PairView(
                    one.getName(),
                    picture(known, one, "Protected picture " + one.getName()),
                    i < after.size() ? picture(known, after.get(i), "Purified picture " + one.getName()) : null));
        }
        return pairs;
    }

    private static PictureView picture(Known known, PictureReference reference, String text) {
        boolean small = reference.getWidth() > 0 && Math.max(reference.getWidth(), reference.getHeight()) <= SMALL;
        return new PictureView(
                known.source().apply(reference), text, reference.getWidth(), reference.getHeight(), small);
    }

    private static List<SampleGroup> groups(Known known) {
        Map<String, List<SampleView>> groups = new LinkedHashMap<>();
        for (SampledReference sample : known.samples()) {
            String seed = Long.toUnsignedString(sample.getSeed());
            String text = "Drawn for \"" + sample.getPrompt() + "\" with seed " + seed;
            groups.computeIfAbsent(sample.getPrompt(), _ -> new ArrayList<>())
                    .add(new SampleView(picture(known, sample.getPicture(), text), seed));
        }
        return groups.entrySet().stream()
                .map(group -> new SampleGroup(group.getKey(), group.getValue()))
                .toList();
    }

    private static List<Fields.Row> rows(List<CurvePoint> curve) {
        List<Fields.Row> rows = new ArrayList<>();
        int count = Math.min(CURVE_ROWS, curve.size());
        for (int i = 0; i < count; i++) {
            CurvePoint point = curve.get(count == 1 ? 0 : (int) ((long) i * (curve.size() - 1) / (count - 1)));
            rows.add(new Fields.Row(
                    String.valueOf(point.step()), String.format(java.util.Locale.ROOT, "%.5f", point.value())));
        }
        return rows;
    }

    /** What was done where it is known, with nothing left out; else what was asked for. */
    private static List<ParameterGroup> parameters(Run run) {
        List<ParameterGroup> groups = new ArrayList<>();
        add(groups, "Purification", done(run, Stage.STAGE_PURIFY).getPurification());
        add(groups, "Training", done(run, Stage.STAGE_TRAIN).getTraining());
        add(groups, "Sampling", done(run, Stage.STAGE_SAMPLE).getSampling());
        add(groups, "Evaluation", done(run, Stage.STAGE_EVALUATE).getEvaluation());
        for (StageStatus status : run.getStagesList()) {
            if (status.hasRecord()) {
                RequestRecord how = status.getRecord().toBuilder()
                        .clearParameters()
                        .clearInputs()
                        .clearStage()
                        .build();
                add(groups, "Record of " + Texts.stage(status.getStage()).toLowerCase(java.util.Locale.ROOT), how);
            }
        }
        add(groups, "Authorisation", run.getAuthorization());
        return groups;
    }

    private static RunParameters done(Run run, Stage stage) {
        Optional<StageStatus> status = run.getStagesList().stream()
                .filter(one -> one.getStage() == stage && one.getRecord().hasParameters())
                .findAny();
        return status.map(one -> one.getRecord().getParameters()).orElse(run.getParameters());
    }

    private static void add(List<ParameterGroup> groups, String name, com.google.protobuf.Message message) {
        List<Fields.Row> rows = Fields.of(message);
        if (!rows.isEmpty()) {
            groups.add(new ParameterGroup(name, rows));
        }
    }
}
