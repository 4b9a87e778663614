package dev.cloakproof.vision.quality;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.vision.clip.Clip;
import java.util.ArrayList;
import java.util.List;

/** Sentences in CLIP's space, as rows of length 1; owned until closed. */
final class PromptFeatures implements AutoCloseable {
    /** Sentences encoded at once: bounds memory, changes no number. */
    private static final int BATCH = 64;

    private final Scope scope = Scope.unbound();
    private final Tensor rows; // (sentences, embedding)

    PromptFeatures(Clip clip, PromptEncoder encoder, List<String> sentences) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            List<Tensor> parts = new ArrayList<>();
            for (int at = 0; at < sentences.size(); at += BATCH) {
                List<String> some = sentences.subList(at, Math.min(at + BATCH, sentences.size()));
                parts.add(Clip.normalise(clip.encodeTexts(encoder.encode(some))));
            }
            rows = scope.take(Tensor.cat(parts, 0));
        }
    }

    /** Cosines of pictures (batch, embedding), not normalised, with all sentences: (batch, sentences). */
    Tensor cosines(Tensor pictures) {
        return Clip.normalise(pictures).matmul(rows.transpose(0, 1));
    }

    @Override
    public void close() {
        scope.close();
    }
}
