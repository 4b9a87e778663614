package dev.cloakproof.evaluator.index;

import dev.cloakproof.v1.Run;
import java.time.Instant;

/** Where a page of runs ended. */
public record RunPosition(Instant createTime, String id) {
    public static RunPosition of(Run run) {
        return new RunPosition(Times.of(run.getCreateTime()), RunStates.id(run));
    }
}
