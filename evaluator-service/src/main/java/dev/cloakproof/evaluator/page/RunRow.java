package dev.cloakproof.evaluator.page;

import dev.cloakproof.evaluator.index.RunStates;
import dev.cloakproof.v1.Run;

/** A run in the list. */
public record RunRow(String id, String subject, String state, String stage, String created) {
    static RunRow of(Run run) {
        return new RunRow(
                RunStates.id(run),
                run.getSubject(),
                Texts.state(run.getState()),
                Texts.stage(run.getStage()),
                Texts.time(run.getCreateTime()));
    }
}
