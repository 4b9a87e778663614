package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.StageStatus;
import dev.cloakproof.v1.WorkState;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StageBarsTest {
    private final StringWriter said = new StringWriter();

    private static Run run(WorkState purify, int step, WorkState train) {
        return Run.newBuilder()
                .addStages(StageStatus.newBuilder()
                        .setStage(Stage.STAGE_PURIFY)
                        .setState(purify)
                        .setProgress(Progress.newBuilder()
                                .setStep(step)
                                .setTotalSteps(100)
                                .setMessage("purifying")))
                .addStages(StageStatus.newBuilder().setStage(Stage.STAGE_TRAIN).setState(train))
                .build();
    }

    private void show(StageBars bars) {
        bars.show(run(WorkState.WORK_STATE_QUEUED, 0, WorkState.WORK_STATE_QUEUED));
        for (int step = 0; step < 100; step++) {
            bars.show(run(WorkState.WORK_STATE_RUNNING, step, WorkState.WORK_STATE_QUEUED));
        }
        bars.show(run(WorkState.WORK_STATE_SUCCEEDED, 100, WorkState.WORK_STATE_RUNNING));
    }

    @Test
    void elsewhereThanInATerminalThereIsALineATenth() {
        show(new StageBars(new PrintWriter(said), false));
        assertThat(said.toString().lines()).hasSize(12);
        assertThat(said.toString()).contains("purify    [############------------] 50/100 purifying", "purify", "done");
        assertThat(said.toString()).contains("train");
    }

    @Test
    void inATerminalTheLineIsDrawnAnew() {
        show(new StageBars(new PrintWriter(said), true));
        assertThat(said.toString()).contains("\rpurify");
        assertThat(said.toString().lines().filter(line -> line.contains("done")).count())
                .isEqualTo(1);
    }
}
