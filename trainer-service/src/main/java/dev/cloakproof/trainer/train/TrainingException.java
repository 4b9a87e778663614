package dev.cloakproof.trainer.train;

/** Training was refused, or stopped by something that is not a bug here. The message says expected and found. */
public final class TrainingException extends RuntimeException {
    /** What is wrong; the error catalogue maps it to codes. */
    public enum Reason {
        /** A setting is out of its range. */
        BAD_SPEC,
        /** No instance pictures, too few prior pictures, or pictures of different sizes. */
        BAD_PICTURES,
        /** A picture's file is no picture. */
        UNREADABLE_PICTURE,
        /** A caption has more tokens than the text encoder reads. */
        PROMPT_TOO_LONG,
        /** The memory plan does not fit. */
        NO_MEMORY,
        /** The checkpoint is of another model, other pictures or another spec. */
        FOREIGN_CHECKPOINT,
        /** A checkpoint or the model cannot be written; what was written before is untouched. */
        CANNOT_SAVE,
        /** Loss or gradients are NaN or infinite; the last checkpoint is from before. */
        NOT_FINITE
    }

    private final Reason reason;

    public TrainingException(Reason reason, String message) {
        this(reason, message, null);
    }

    public TrainingException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
