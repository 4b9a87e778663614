package dev.cloakproof.evaluator.index;

import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.v1.Run;

/** How long a run is kept. */
public final class Kept {
    private Kept() {}

    /** With the time when the last of it will be gone. */
    public static Run dated(Run run, Retention retention) {
        return run.toBuilder()
                .setExpireTime(run.getCreateTime().toBuilder()
                        .setSeconds(run.getCreateTime().getSeconds()
                                + retention.longest().toSeconds()))
                .build();
    }
}
