package dev.cloakproof.vision.quality;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipPictures;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CLIP-IQAC (paper, A.1; MetaCloak): how much better "a good photo of face" fits a picture than "a bad photo of face",
 * -1 to 1. Not CLIP-IQA, which has other sentences and another network.
 */
public final class ClipIqac implements AutoCloseable {
    private static final double SCALE = 100;
    /** Pictures in the network at once. */
    private static final int TOGETHER = 16;

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
        return score(List.of(picture)).getFirst();
    }

    /** @return one a picture, in order */
    public List<Double> score(List<Picture> pictures) {
        return Batches.of(pictures, TOGETHER, batch -> {
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                var pixels = ClipPictures.framed(batch, clip.config().size());
                var logits = prompts.cosines(clip.encodePictures(pixels)).mul(SCALE);
                float[] probabilities = Functions.softmax(logits, 1).toFloats();
                return IntStream.range(0, batch.size())
                        .mapToObj(i -> (double) probabilities[2 * i] - probabilities[2 * i + 1])
                        .toList();
            }
        });
    }

    @Override
    public void close() {
        prompts.close();
    }
}
