package dev.cloakproof.evaluator.index;

import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.WorkState;

/** What a run's state means. */
public final class RunStates {
    private static final String PREFIX = "runs/";

    private RunStates() {}

    /** Whether nothing moves it any more. */
    public static boolean isFinal(WorkState state) {
        return state == WorkState.WORK_STATE_SUCCEEDED
                || state == WorkState.WORK_STATE_FAILED
                || state == WorkState.WORK_STATE_CANCELLED;
    }

    /** The run's id: its name without {@code runs/}. */
    public static String id(Run run) {
        return run.getName().substring(PREFIX.length());
    }
}
