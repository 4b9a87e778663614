package dev.cloakproof.trainer.train;

/** Turns a caption into token ids, padded to what the text encoder reads (77). */
@FunctionalInterface
public interface PromptIds {
    /**
     * @return ids from the begin token to the last padding
     * @throws TrainingException with {@link TrainingException.Reason#PROMPT_TOO_LONG}: a caption cut short would lose its
     *     noise token and train something else
     */
    long[] of(String caption);
}
