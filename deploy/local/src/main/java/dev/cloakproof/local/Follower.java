package dev.cloakproof.local;

import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.WatchRunRequest;
import dev.cloakproof.v1.WatchRunResponse;
import dev.cloakproof.v1.WorkState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;

/** Watches a run until it is final, also over a restart of the evaluator. */
final class Follower {
    private static final Set<WorkState> FINAL =
            Set.of(WorkState.WORK_STATE_SUCCEEDED, WorkState.WORK_STATE_FAILED, WorkState.WORK_STATE_CANCELLED);
    /** How long the evaluator may be away, or not know the run yet. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LineClient client;

    Follower(LineClient client) {
        this.client = client;
    }

    static boolean isFinal(Run run) {
        return FINAL.contains(run.getState());
    }

    /**
     * @param seen is told of every change
     * @return the final run
     */
    Run follow(String name, Consumer<Run> seen) {
        long lost = 0;
        while (true) {
            try {
                Iterator<WatchRunResponse> changes = client.runs()
                        .watchRun(WatchRunRequest.newBuilder().setName(name).build());
                while (changes.hasNext()) {
                    Run run = changes.next().getRun();
                    lost = 0;
                    seen.accept(run);
                    if (isFinal(run)) {
                        return run;
                    }
                }
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code != Status.Code.UNAVAILABLE && code != Status.Code.NOT_FOUND) {
                    throw e;
                }
                lost = lost == 0 ? System.nanoTime() : lost;
                if (System.nanoTime() - lost > PATIENCE.toNanos()) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalException("interrupted", e);
        }
    }
}
