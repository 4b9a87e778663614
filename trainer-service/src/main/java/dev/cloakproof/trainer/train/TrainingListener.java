package dev.cloakproof.trainer.train;

import java.nio.file.Path;
import java.util.List;

/** Is told what a run does, on the run's thread, between steps: what it does not return from, the run waits for. */
public interface TrainingListener {
    TrainingListener NONE = new TrainingListener() {};

    /**
     * Before the first step of this process.
     *
     * @param step 0, or the step of the checkpoint that the run goes on from
     */
    default void started(MemoryPlan plan, long step) {}

    default void stepped(StepReport report) {}

    /** A checkpoint is complete on disk. */
    default void checkpointed(Path folder, long step) {}

    /** Pictures of the model after {@code step} steps. */
    default void validated(long step, List<Validation.Sample> samples) {}

    /** Both listeners, this one first. */
    default TrainingListener and(TrainingListener other) {
        TrainingListener first = this;
        return new TrainingListener() {
            @Override
            public void started(MemoryPlan plan, long step) {
                first.started(plan, step);
                other.started(plan, step);
            }

            @Override
            public void stepped(StepReport report) {
                first.stepped(report);
                other.stepped(report);
            }

            @Override
            public void checkpointed(Path folder, long step) {
                first.checkpointed(folder, step);
                other.checkpointed(folder, step);
            }

            @Override
            public void validated(long step, List<Validation.Sample> samples) {
                first.validated(step, samples);
                other.validated(step, samples);
            }
        };
    }
}
