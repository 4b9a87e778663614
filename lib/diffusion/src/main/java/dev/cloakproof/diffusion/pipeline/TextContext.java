package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.diffusion.tokenizer.Tokens;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Prompts as the denoising network reads them. */
final class TextContext {
    private TextContext() {}

    /**
     * @param prompts one for each picture of the batch
     * @param negatives as many, or one for all, or none, which stands for empty ones
     * @return (2 * batch, 77, hidden), negative prompts first; only (batch, 77, hidden) if the guidance does not use them
     */
    static Tensor encode(
            ClipTokenizer tokenizer,
            ClipTextEncoder encoder,
            List<String> prompts,
            List<String> negatives,
            Guidance guidance) {
        List<String> texts = new ArrayList<>();
        if (guidance.guides()) {
            texts.addAll(matched(prompts.size(), negatives));
        }
        texts.addAll(prompts);
        return encoder.encode(ids(tokenizer, texts));
    }

    private static List<String> matched(int count, List<String> negatives) {
        if (negatives.size() == count) {
            return negatives;
        }
        if (negatives.size() > 1) {
            throw new IllegalArgumentException(
                    "negative prompts: expected none, one or " + count + ", found " + negatives.size());
        }
        return Collections.nCopies(count, negatives.isEmpty() ? "" : negatives.getFirst());
    }

    private static Tensor ids(ClipTokenizer tokenizer, List<String> texts) {
        Tokens tokens = tokenizer.encode(texts);
        for (int i = 0; i < texts.size(); i++) {
            if (tokens.cut().get(i) > 0) {
                throw new PromptTooLongException(texts.get(i), tokens.cut().get(i));
            }
        }
        return tokens.toTensor();
    }
}
