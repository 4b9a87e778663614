package dev.cloakproof.local;

import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.StageStatus;
import dev.cloakproof.v1.WorkState;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A bar a stage: redrawn in a terminal; elsewhere a line when a stage begins, at each tenth, and when it ends. */
final class StageBars {
    private static final int WIDTH = 24;
    private static final Set<WorkState> STARTED = Set.of(
            WorkState.WORK_STATE_RUNNING,
            WorkState.WORK_STATE_CANCELLING,
            WorkState.WORK_STATE_SUCCEEDED,
            WorkState.WORK_STATE_FAILED,
            WorkState.WORK_STATE_CANCELLED);

    private final PrintWriter out;
    private final boolean terminal;
    private final Map<Stage, String> shown = new EnumMap<>(Stage.class);
    private Stage open;

    StageBars(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(Run run) {
        for (StageStatus status : run.getStagesList()) {
            if (STARTED.contains(status.getState())) {
                show(status);
            }
        }
    }

    private void show(StageStatus status) {
        boolean ended = status.getState() != WorkState.WORK_STATE_RUNNING
                && status.getState() != WorkState.WORK_STATE_CANCELLING;
        String line = line(status);
        String mark = terminal ? line : status.getState() + " " + tenths(status.getProgress());
        if (mark.equals(shown.put(status.getStage(), mark))) {
            return;
        }
        if (!terminal) {
            out.println(line);
        } else {
            if (open != null && open != status.getStage()) {
                out.println();
            }
            // Blanks wipe what a longer line left behind.
            out.printf("\r%-78.78s", line);
            open = status.getStage();
            if (ended) {
                out.println();
                open = null;
            }
        }
        out.flush();
    }

    private static int tenths(Progress progress) {
        return progress.getTotalSteps() == 0 ? 0 : (int) (10 * progress.getStep() / progress.getTotalSteps());
    }

    private static String line(StageStatus status) {
        Progress progress = status.getProgress();
        String name = status.getStage().name().substring("STAGE_".length()).toLowerCase(Locale.ROOT);
        return switch (status.getState()) {
            case WORK_STATE_SUCCEEDED -> "%-9s [%s] done%s".formatted(name, "#".repeat(WIDTH), took(status));
            case WORK_STATE_FAILED -> "%-9s failed".formatted(name);
            case WORK_STATE_CANCELLED -> "%-9s cancelled".formatted(name);
            default -> {
                int filled = progress.getTotalSteps() == 0
                        ? 0
                        : (int) (WIDTH * progress.getStep() / progress.getTotalSteps());
                yield "%-9s [%s%s] %d/%d %s%s"
                        .formatted(
                                name,
                                "#".repeat(filled),
                                "-".repeat(WIDTH - filled),
                                progress.getStep(),
                                progress.getTotalSteps(),
                                progress.hasRemainingDuration() && progress.getStep() < progress.getTotalSteps()
                                        ? progress.getRemainingDuration().getSeconds() + " s left, "
                                        : "",
                                progress.getMessage());
            }
        };
    }

    private static String took(StageStatus status) {
        return status.hasStartTime() && status.hasEndTime()
                ? " in "
                        + (status.getEndTime().getSeconds()
                                - status.getStartTime().getSeconds())
                        + " s"
                : "";
    }
}
