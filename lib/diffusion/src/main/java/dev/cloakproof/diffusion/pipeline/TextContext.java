package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.diffusion.tokenizer.Tokens;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Prompts as the denoising network reads them. */
final class TextContext {
    private TextContext() {}

    /**
     * @return (2 * batch, 77, hidden), negative prompts first; only (batch, 77, hidden) if the guidance does not use them
     * @throws PromptTooLongException if a prompt has more than 75 tokens
     */
    static Tensor encode(StableDiffusion model, Sampling sampling) {
        List<String> texts = new ArrayList<>();
        if (sampling.guidance().guides()) {
            texts.addAll(sampling.negatives());
        }
        texts.addAll(sampling.prompts());
        return model.textEncoder().encode(ids(model.tokenizer(), texts));
    }

    /** @throws PromptTooLongException if a text has more than 75 tokens */
    static Tensor ids(ClipTokenizer tokenizer, List<String> texts) {
        Tokens tokens = tokenizer.encode(texts);
        for (int i = 0; i < texts.size(); i++) {
            if (tokens.cut().get(i) > 0) {
                throw new PromptTooLongException(texts.get(i), tokens.cut().get(i));
            }
        }
        return tokens.toTensor();
    }
}
