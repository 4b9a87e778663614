package dev.cloakproof.trainer.train;

/**
 * How often the run is stored. Not part of what a checkpoint must agree with: it may change on resuming.
 *
 * @param every steps between checkpoints; 0 for none but on save-and-stop
 * @param kept how many stay; older ones are removed once a newer is complete
 */
public record CheckpointSpec(int every, int kept) {
    public static final CheckpointSpec DEFAULT = new CheckpointSpec(100, 2);

    public CheckpointSpec {
        TrainingSpec.require(every >= 0, "checkpoint interval", "at least 0", every);
        TrainingSpec.require(kept >= 1, "kept checkpoints", "at least 1", kept);
    }
}
