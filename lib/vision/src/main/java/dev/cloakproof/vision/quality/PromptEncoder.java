package dev.cloakproof.vision.quality;

import dev.cloakproof.tensor.Tensor;
import java.util.List;

/** Turns sentences into CLIP's token ids: start, tokens, end, zeros up to 77. */
@FunctionalInterface
public interface PromptEncoder {
    /** @return int64 (sentences, at most 77), in the current scope */
    Tensor encode(List<String> sentences);
}
