package dev.cloakproof.vision.quality;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipPictures;
import java.util.List;

/**
 * CLIP-IQAC (paper, A.1; MetaCloak): how much better "a good photo of face" fits a picture than "a bad photo of face",
 * -1 to 1. Not CLIP-IQA, which has other sentences and another network.
 */
public final class ClipIqac implements AutoCloseable {
    private static final double SCALE = 100;

    private final Clip clip;
    private final PromptFeatures prompts;

    /**
     * @param clip OpenAI's ViT-B/32; stays the caller's to close
     * @param noun what the pictures show; "person" becomes "face", as in the published scores
     */
    public ClipIqac(Clip clip, PromptEncoder encoder, String noun) {
        this.clip = clip;
        prompts = new PromptFeatures(clip, encoder, prompts(noun.equals("person") ? "face" : noun));
    }

    /** The good and the bad sentence. */
    public static List<String> prompts(String noun) {
        return List.of("a good photo of " + noun, "a bad photo of " + noun);
    }

    public double score(Picture picture) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            var pixels = ClipPictures.framed(List.of(picture), clip.config().size());
            var logits = prompts.cosines(clip.encodePictures(pixels)).mul(SCALE);
            float[] probabilities = Functions.softmax(logits, 1).toFloats();
            return (double) probabilities[0] - probabilities[1];
        }
    }

    @Override
    public void close() {
        prompts.close();
    }
}
