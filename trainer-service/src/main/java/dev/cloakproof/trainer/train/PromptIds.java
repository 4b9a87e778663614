package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.trainer.train.TrainingException.Reason;

/** Turns a caption into token ids, padded to what the text encoder reads (77). */
@FunctionalInterface
public interface PromptIds {
    /**
     * @return ids from the begin token to the last padding
     * @throws TrainingException with {@link Reason#PROMPT_TOO_LONG}: a caption cut short would lose its noise token and
     *     train something else
     */
    long[] of(String caption);

    static PromptIds of(ClipTokenizer tokenizer) {
        int most = ClipTokenizer.LENGTH - 2;
        return caption -> {
            int count = tokenizer.count(caption);
            if (count > most) {
                throw new TrainingException(
                        Reason.PROMPT_TOO_LONG, "'" + caption + "' has " + count + " tokens, expected at most " + most);
            }
            return tokenizer.encode(caption);
        };
    }
}
