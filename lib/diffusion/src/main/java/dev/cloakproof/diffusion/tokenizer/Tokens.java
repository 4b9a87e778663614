package dev.cloakproof.diffusion.tokenizer;

import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The ids of a batch of prompts.
 *
 * @param ids {@link ClipTokenizer#LENGTH} ids a prompt
 * @param cut by prompt, how many of its tokens were cut off for being too many; 0 where it fits
 */
public record Tokens(List<long[]> ids, List<Integer> cut) {
    public Tokens {
        ids = List.copyOf(ids);
        cut = List.copyOf(cut);
    }

    /** Whether any prompt lost its end. */
    public boolean truncated() {
        return cut.stream().anyMatch(tokens -> tokens > 0);
    }

    /** int64 (prompts, 77), in the current scope. */
    public Tensor toTensor() {
        long[] all = ids.stream().flatMapToLong(Arrays::stream).toArray();
        return Tensor.of(all, ids.size(), ClipTokenizer.LENGTH);
    }
}
