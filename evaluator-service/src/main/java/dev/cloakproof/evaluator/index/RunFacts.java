package dev.cloakproof.evaluator.index;

import com.google.protobuf.Message;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.StageStatus;
import dev.cloakproof.v1.UploadReceived;
import dev.cloakproof.v1.WorkState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of a run, and what follows from it. A run is a function of the set of its facts: in which order they
 * came, and how often, does not matter.
 *
 * <ul>
 *   <li>A stage that ended well counts over its failure: it was tried again.
 *   <li>A later stage's end shows that the earlier ones ended, even where their events are lost.
 *   <li>Progress says nothing of a stage that has ended.
 * </ul>
 */
final class RunFacts {
    /** In which a run passes them. */
    static final List<Stage> STAGES =
            List.of(Stage.STAGE_PURIFY, Stage.STAGE_TRAIN, Stage.STAGE_SAMPLE, Stage.STAGE_EVALUATE);

    private final String id;
    private final Collection<Fact> facts;

    RunFacts(String id, Collection<Fact> facts) {
        this.id = id;
        this.facts = List.copyOf(facts);
    }

    /** With facts that replace others of their topic. */
    RunFacts with(List<Fact> newer) {
        List<Fact> all = new ArrayList<>(newer);
        facts.stream()
                .filter(fact -> newer.stream().noneMatch(other -> other.topic().equals(fact.topic())))
                .forEach(all::add);
        return new RunFacts(id, all);
    }

    /** Where a payload carries a run's context. */
    static Optional<RunContext> context(Message payload) {
        return switch (payload) {
            case UploadReceived event -> Optional.of(event.getContext());
            case ImagesPurified event -> Optional.of(event.getContext());
            case ModelTrained event -> Optional.of(event.getContext());
            case ImagesSampled event -> Optional.of(event.getContext());
            case RunEvaluated event -> Optional.of(event.getContext());
            case RunFailed event -> Optional.of(event.getContext());
            default -> Optional.empty();
        };
    }

    Optional<RunContext> context() {
        return facts.stream()
                .sorted(Comparator.comparing(Fact::topic))
                .flatMap(fact -> context(fact.payload()).stream())
                .findFirst();
    }

    Run toRun() {
        RunContext context = context().orElse(RunContext.getDefaultInstance());
        Run.Builder run = Run.newBuilder()
                .setName("runs/" + id)
                .setSubject(context.getSubject())
                .setState(state())
                .setStage(current())
                .setParameters(context.getParameters())
                .setAuthorization(context.getAuthorization())
                .addAllReferencePictures(context.getReferencesList())
                .setCreateTime(context.getCreateTime());
        // Later events repeat the pictures of earlier ones: whichever came tells them.
        only(EventType.UPLOAD_RECEIVED).ifPresent(e -> run.addAllProtectedPictures(e.getPicturesList()));
        first(
                        ImagesPurified::getProtectedPicturesList,
                        ModelTrained::getProtectedPicturesList,
                        ImagesSampled::getProtectedPicturesList)
                .ifPresent(pictures -> run.clearProtectedPictures().addAllProtectedPictures(pictures));
        first(
                        ImagesPurified::getPurifiedPicturesList,
                        ModelTrained::getPurifiedPicturesList,
                        ImagesSampled::getPurifiedPicturesList)
                .ifPresent(run::addAllPurifiedPictures);
        only(EventType.IMAGES_SAMPLED).map(ImagesSampled::getModel).ifPresent(run::setModel);
        only(EventType.MODEL_TRAINED).map(ModelTrained::getModel).ifPresent(run::setModel);
        only(EventType.IMAGES_SAMPLED)
                .ifPresent(e -> e.getSamplesList().forEach(sample -> run.addSampledPictures(sample.getPicture())));
        only(EventType.RUN_EVALUATED)
                .ifPresent(e -> run.addAllScores(e.getScoresList()).setReport(e.getReport()));
        STAGES.stream().flatMap(stage -> status(stage).stream()).forEach(run::addStages);
        failure().ifPresent(failed -> run.setFailure(failed.getFailure()));
        endTime().ifPresent(end -> run.setEndTime(Times.of(end)));
        return run.build();
    }

    WorkState state() {
        if (ended(Stage.STAGE_EVALUATE)) {
            return WorkState.WORK_STATE_SUCCEEDED;
        }
        Optional<RunFailed> failure = failure();
        if (failure.isPresent()) {
            return isCancellation(failure.get()) ? WorkState.WORK_STATE_CANCELLED : WorkState.WORK_STATE_FAILED;
        }
        if (only(EventType.RUN_CANCEL).isPresent()) {
            return WorkState.WORK_STATE_CANCELLING;
        }
        return STAGES.stream().anyMatch(stage -> begun(stage) || ended(stage))
                ? WorkState.WORK_STATE_RUNNING
                : WorkState.WORK_STATE_QUEUED;
    }

    /** The failure that ended the run: of a stage that did not end well after all. */
    private Optional<RunFailed> failure() {
        return failureFact().map(fact -> (RunFailed) fact.payload());
    }

    private Optional<Fact> failureFact() {
        return facts.stream()
                .filter(fact -> fact.topic().equals(EventType.RUN_FAILED.topic()) && !ended(fact.stage()))
                .max(Comparator.comparing(Fact::stage));
    }

    /** An event that is redelivered makes its stage say again that it ended; the run had ended before. */
    private Optional<Instant> endTime() {
        Optional<Instant> evaluated =
                fact(EventType.RUN_EVALUATED, Stage.STAGE_UNSPECIFIED).map(Fact::firstTime);
        return evaluated.isPresent() ? evaluated : failureFact().map(Fact::time);
    }

    /** The stage at work or to come next; of a final run the last one. */
    private Stage current() {
        Stage latest = STAGES.stream()
                .filter(stage -> begun(stage)
                        || ended(stage)
                        || fact(EventType.RUN_FAILED, stage).isPresent())
                .reduce((_, later) -> later)
                .orElse(Stage.STAGE_PURIFY);
        boolean goesOn = ended(latest) && latest != Stage.STAGE_EVALUATE;
        return goesOn ? STAGES.get(STAGES.indexOf(latest) + 1) : latest;
    }

    private Optional<StageStatus> status(Stage stage) {
        Optional<Fact> progress = fact(EventType.RUN_PROGRESS, stage);
        Optional<Fact> failed = fact(EventType.RUN_FAILED, stage);
        WorkState runs = state();
        boolean reached = begun(stage) || ended(stage) || failed.isPresent();
        if (!reached && RunStates.isFinal(runs)) {
            return Optional.empty(); // it will never begin
        }
        StageStatus.Builder status = StageStatus.newBuilder().setStage(stage).setState(state(stage, runs, failed));
        progress.map(fact -> (RunProgress) fact.payload())
                .ifPresent(reported -> status.setProgress(reported.getProgress()));
        progress.map(Fact::firstTime).ifPresent(begun -> status.setStartTime(Times.of(begun)));
        Optional<Fact> end = end(stage);
        end.map(fact -> record(fact.payload())).ifPresent(record -> {
            status.setRecord(record);
            if (record.hasStartTime()) {
                status.setStartTime(record.getStartTime());
            }
        });
        if (ended(stage)) {
            end.ifPresent(fact -> status.setEndTime(
                    status.getRecord().hasEndTime() ? status.getRecord().getEndTime() : Times.of(fact.time())));
        } else {
            failed.ifPresent(fact -> status.setEndTime(Times.of(fact.time())));
        }
        return Optional.of(status.build());
    }

    private WorkState state(Stage stage, WorkState run, Optional<Fact> failed) {
        if (ended(stage)) {
            return WorkState.WORK_STATE_SUCCEEDED;
        }
        if (failed.isPresent()) {
            return isCancellation((RunFailed) failed.get().payload())
                    ? WorkState.WORK_STATE_CANCELLED
                    : WorkState.WORK_STATE_FAILED;
        }
        if (!begun(stage)) {
            return WorkState.WORK_STATE_QUEUED;
        }
        return run == WorkState.WORK_STATE_CANCELLING ? WorkState.WORK_STATE_CANCELLING : WorkState.WORK_STATE_RUNNING;
    }

    private boolean begun(Stage stage) {
        return fact(EventType.RUN_PROGRESS, stage).isPresent();
    }

    /** Whether this stage or a later one ended well. */
    private boolean ended(Stage stage) {
        int place = STAGES.indexOf(stage);
        return place >= 0
                && STAGES.subList(place, STAGES.size()).stream()
                        .anyMatch(later -> end(later).isPresent());
    }

    private Optional<Fact> end(Stage stage) {
        return switch (stage) {
            case STAGE_PURIFY -> fact(EventType.IMAGES_PURIFIED, Stage.STAGE_UNSPECIFIED);
            case STAGE_TRAIN -> fact(EventType.MODEL_TRAINED, Stage.STAGE_UNSPECIFIED);
            case STAGE_SAMPLE -> fact(EventType.IMAGES_SAMPLED, Stage.STAGE_UNSPECIFIED);
            case STAGE_EVALUATE -> fact(EventType.RUN_EVALUATED, Stage.STAGE_UNSPECIFIED);
            default -> Optional.empty();
        };
    }

    private static RequestRecord record(Message payload) {
        return switch (payload) {
            case ImagesPurified event -> event.getRecord();
            case ModelTrained event -> event.getRecord();
            case ImagesSampled event -> event.getRecord();
            case RunEvaluated event -> event.getRecord();
            default -> throw new IllegalStateException("no end of a stage");
        };
    }

    private static boolean isCancellation(RunFailed failed) {
        return failed.getFailure().getReason().equals(Reason.CANCELLED.name());
    }

    /** The payload of a topic of which a run has one. */
    @SuppressWarnings("unchecked") // a topic has one kind of payload
    <M extends Message> Optional<M> only(EventType<M> type) {
        return fact(type, Stage.STAGE_UNSPECIFIED).map(fact -> (M) fact.payload());
    }

    private Optional<Fact> fact(EventType<?> type, Stage stage) {
        return facts.stream()
                .filter(fact -> fact.topic().equals(type.topic()) && fact.stage() == stage)
                .findAny();
    }

    private <T> Optional<T> first(
            Function<ImagesPurified, T> purified,
            Function<ModelTrained, T> trained,
            Function<ImagesSampled, T> sampled) {
        return only(EventType.IMAGES_PURIFIED)
                .map(purified)
                .or(() -> only(EventType.MODEL_TRAINED).map(trained))
                .or(() -> only(EventType.IMAGES_SAMPLED).map(sampled));
    }
}
