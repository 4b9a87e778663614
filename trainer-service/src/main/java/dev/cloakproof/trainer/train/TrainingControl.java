package dev.cloakproof.trainer.train;

/** Steers a running job from any thread; the job looks between steps. */
public final class TrainingControl {
    /** How a run ended, or is to end. */
    public enum Ending {
        /** All steps were made. */
        FINISHED,
        /** Stopped with a checkpoint of the last step made. */
        SAVED,
        /** Stopped without one; earlier checkpoints stay. */
        CANCELLED
    }

    private boolean paused;
    private Ending asked = Ending.FINISHED;

    /** The job stops before its next step and keeps its memory. */
    public synchronized void pause() {
        paused = true;
        notifyAll();
    }

    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Ends the job without another checkpoint. */
    public synchronized void cancel() {
        asked = Ending.CANCELLED;
        notifyAll();
    }

    /** Writes a checkpoint, then ends the job. */
    public synchronized void saveAndStop() {
        if (asked == Ending.FINISHED) {
            asked = Ending.SAVED;
        }
        notifyAll();
    }

    /** Waits while paused; then says whether to go on (FINISHED) or how to end. An interrupt cancels. */
    public synchronized Ending look() {
        while (paused && asked == Ending.FINISHED) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                asked = Ending.CANCELLED;
            }
        }
        return asked;
    }
}
