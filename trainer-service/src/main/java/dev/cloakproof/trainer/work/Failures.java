package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.trainer.train.TrainingException;
import java.util.function.Supplier;

/** The training's own exceptions as problems of the catalogue. */
final class Failures {
    private Failures() {}

    /** What is supplied, or the problem that it ends with. */
    static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (TrainingException e) {
            throw problem(e);
        }
    }

    private static CloakproofException problem(TrainingException e) {
        Reason reason =
                switch (e.reason()) {
                    case BAD_SPEC -> Reason.PARAMETER_INVALID;
                    case BAD_PICTURES, UNREADABLE_PICTURE -> Reason.PICTURE_INVALID;
                    case PROMPT_TOO_LONG -> Reason.PROMPT_TOO_LONG;
                    case NO_MEMORY -> Reason.MEMORY_EXHAUSTED;
                    case CANNOT_SAVE -> Reason.DISK_FULL;
                    case NOT_FINITE -> Reason.TRAINING_DIVERGED;
                    case FOREIGN_CHECKPOINT -> Reason.INTERNAL;
                };
        return reason.problem(e.getMessage()).exception(e);
    }
}
