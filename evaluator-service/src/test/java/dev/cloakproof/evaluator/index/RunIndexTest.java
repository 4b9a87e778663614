package dev.cloakproof.evaluator.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.StageStatus;
import dev.cloakproof.v1.WorkState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Events folded into a real PostgreSQL. */
class RunIndexTest {
    @RegisterExtension
    static final IndexExtension POSTGRES = new IndexExtension();

    @TempDir
    private Path folder;

    private BlobStore blobs;
    private RunIndex index;

    @BeforeEach
    void open() {
        blobs = new BlobStore(new FileObjectStore(folder));
        index = new RunIndex(POSTGRES.database(), _ -> List.of());
    }

    private TestRun run(String id) {
        return new TestRun(blobs, id, "anna", "picture");
    }

    private static List<Event<?>> wholeLine(TestRun run) {
        return List.of(
                run.received(),
                run.progress(Stage.STAGE_PURIFY, 9, 1, 0),
                run.purified(),
                run.progress(Stage.STAGE_TRAIN, 12, 1, 0.9),
                run.progress(Stage.STAGE_TRAIN, 15, 5, 0.4),
                run.failed(Stage.STAGE_TRAIN, 17, Reason.MEMORY_EXHAUSTED),
                run.trained(),
                run.sampled(),
                run.progress(Stage.STAGE_EVALUATE, 33, 1, 0),
                run.evaluated());
    }

    @Test
    void aRunComesToItsEndStepByStep() {
        TestRun run = run("r-1");
        index.fold(run.received());
        assertThat(index.get("r-1").orElseThrow().getState()).isEqualTo(WorkState.WORK_STATE_QUEUED);
        index.fold(run.progress(Stage.STAGE_PURIFY, 9, 1, 0));
        Run running = index.get("r-1").orElseThrow();
        assertThat(running.getState()).isEqualTo(WorkState.WORK_STATE_RUNNING);
        assertThat(running.getStage()).isEqualTo(Stage.STAGE_PURIFY);
        index.fold(run.purified());
        assertThat(index.get("r-1").orElseThrow().getStage()).isEqualTo(Stage.STAGE_TRAIN);
        wholeLine(run).forEach(index::fold);

        Run done = index.get("r-1").orElseThrow();
        assertThat(done.getState()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
        assertThat(done.getStagesList())
                .extracting(StageStatus::getState)
                .containsOnly(WorkState.WORK_STATE_SUCCEEDED)
                .hasSize(4);
        assertThat(done.hasFailure()).isFalse();
        assertThat(done.getEndTime()).isEqualTo(Times.of(TestRun.BEGIN.plusSeconds(40)));
        assertThat(done.getStages(1).getStartTime()).isEqualTo(Times.of(TestRun.BEGIN.plusSeconds(11)));
        assertThat(done.getSampledPicturesList()).hasSize(1);
        assertThat(done.getScores(0).getMean()).isEqualTo(3.5);
        assertThat(done.hasReport()).isTrue();
        assertThat(index.samples("r-1").orElseThrow().getSamples(0).getSeed()).isEqualTo(7);
        assertThat(index.points("r-1", Stage.STAGE_TRAIN, "loss"))
                .containsExactly(new RunIndex.CurvePoint(1, 0.9), new RunIndex.CurvePoint(5, 0.4));
    }

    @Test
    void neitherOrderNorRepetitionMatters() {
        Run expected = null;
        for (int shuffle = 0; shuffle < 12; shuffle++) {
            TestRun run = run("r-" + shuffle);
            List<Event<?>> events = new ArrayList<>(wholeLine(run));
            events.add(run.cancel(16)); // came too late to stop anything
            events.addAll(wholeLine(run));
            Collections.shuffle(events, new Random(shuffle));
            events.forEach(index::fold);
            Run folded = index.get("r-" + shuffle).orElseThrow();
            assertThat(folded.getState()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
            // Blobs are named by the run; nothing else may differ.
            Run comparable = folded.toBuilder()
                    .clearName()
                    .clearPurifiedPictures()
                    .clearSampledPictures()
                    .clearModel()
                    .clearReport()
                    .build();
            expected = expected == null ? comparable : expected;
            assertThat(comparable).isEqualTo(expected);
        }
    }

    @Test
    void aRepeatedEventChangesNothing() {
        TestRun run = run("r-1");
        wholeLine(run).forEach(index::fold);
        var before = index.revisions(List.of("r-1"));
        wholeLine(run).forEach(index::fold);
        assertThat(index.revisions(List.of("r-1"))).isEqualTo(before);
    }

    @Test
    void aRunEndedWhenItFirstSaidSo() {
        TestRun run = run("r-1");
        wholeLine(run).forEach(index::fold);
        Run before = index.get("r-1").orElseThrow();
        index.fold(run.evaluated(45)); // its event was redelivered
        assertThat(index.get("r-1").orElseThrow()).isEqualTo(before);
    }

    @Test
    void aCancelledRunIsCancellingUntilItsStageSaysSo() {
        TestRun run = run("r-1");
        index.fold(run.received());
        index.fold(run.progress(Stage.STAGE_PURIFY, 1, 1, 0));
        index.fold(run.cancel(2));
        Run cancelling = index.get("r-1").orElseThrow();
        assertThat(cancelling.getState()).isEqualTo(WorkState.WORK_STATE_CANCELLING);
        assertThat(cancelling.getStages(0).getState()).isEqualTo(WorkState.WORK_STATE_CANCELLING);
        index.fold(run.failed(Stage.STAGE_PURIFY, 3, Reason.CANCELLED));
        index.fold(run.progress(Stage.STAGE_PURIFY, 2, 2, 0)); // late
        Run cancelled = index.get("r-1").orElseThrow();
        assertThat(cancelled.getState()).isEqualTo(WorkState.WORK_STATE_CANCELLED);
        assertThat(cancelled.getStagesList()).hasSize(1);
    }

    @Test
    void aFailedRunSaysWhereAndWhyAndAStageThatWasTriedAgainGoesOn() {
        TestRun run = run("r-1");
        index.fold(run.purified());
        index.fold(run.failed(Stage.STAGE_TRAIN, 17, Reason.DISK_FULL));
        Run failed = index.get("r-1").orElseThrow();
        assertThat(failed.getState()).isEqualTo(WorkState.WORK_STATE_FAILED);
        assertThat(failed.getStage()).isEqualTo(Stage.STAGE_TRAIN);
        assertThat(failed.getFailure().getReason()).isEqualTo("DISK_FULL");
        index.fold(run.trained());
        Run going = index.get("r-1").orElseThrow();
        assertThat(going.getState()).isEqualTo(WorkState.WORK_STATE_RUNNING);
        assertThat(going.getStage()).isEqualTo(Stage.STAGE_SAMPLE);
        assertThat(going.hasFailure()).isFalse();
        assertThat(going.hasEndTime()).isFalse();
    }

    @Test
    void aRunThatOnlyProgressToldOfIsNotShownYet() {
        TestRun run = run("r-1");
        index.fold(run.progress(Stage.STAGE_PURIFY, 1, 1, 0));
        assertThat(index.get("r-1")).isEmpty();
        assertThat(index.list(RunFilter.ALL, Optional.empty(), 10)).isEmpty();
        index.fold(run.received());
        assertThat(index.get("r-1").orElseThrow().getState()).isEqualTo(WorkState.WORK_STATE_RUNNING);
    }

    @Test
    void eventsOfOneRunFoldedAtOnceLoseNothing() throws Exception {
        TestRun run = run("r-1");
        List<Callable<RunIndex.Folded>> folds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            wholeLine(run).forEach(event -> folds.add(() -> index.fold(event)));
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(folds)) {
                assertThat(done.get()).isEqualTo(RunIndex.Folded.TAKEN);
            }
        }
        assertThat(index.get("r-1").orElseThrow().getState()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
    }

    @Test
    void aListIsFilteredAndPaged() {
        for (int i = 0; i < 5; i++) {
            index.fold(new TestRun(blobs, "r-" + i, i == 3 ? "bert" : "anna", "picture").received());
        }
        index.fold(run("r-4").failed(Stage.STAGE_PURIFY, 1, Reason.DISK_FULL));
        List<Run> page = index.list(RunFilter.ALL, Optional.empty(), 2);
        assertThat(page).extracting(Run::getName).containsExactly("runs/r-4", "runs/r-3");
        assertThat(index.list(RunFilter.ALL, Optional.of(new RunPosition(TestRun.BEGIN, "r-3")), 10))
                .extracting(Run::getName)
                .containsExactly("runs/r-2", "runs/r-1", "runs/r-0");
        assertThat(index.list(new RunFilter(Optional.of("bert"), Optional.empty()), Optional.empty(), 10))
                .extracting(Run::getName)
                .containsExactly("runs/r-3");
        assertThat(index.list(
                        new RunFilter(Optional.empty(), Optional.of(WorkState.WORK_STATE_FAILED)),
                        Optional.empty(),
                        10))
                .extracting(Run::getName)
                .containsExactly("runs/r-4");
    }
}
