package dev.cloakproof.vision.quality;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * LIQE, multitask (Zhang et al. 2023): which of 495 sentences on quality, scene and distortion fits 15 patches of the
 * picture. 1 is bad, 5 perfect. Its checkpoint is a CLIP of its own.
 */
public final class Liqe implements AutoCloseable {
    private static final int PATCHES = 15;
    /** Pictures in the network at once, each with its 15 patches. */
    private static final int TOGETHER = 4;
    /** Distance of patches as a part of their side: 32 of 224 pixels. */
    private static final double STRIDE = 32.0 / 224;

    public static final List<String> QUALITIES = List.of("bad", "poor", "fair", "good", "perfect");
    public static final List<String> SCENES =
            List.of("animal", "cityscape", "human", "indoor", "landscape", "night", "plant", "still_life", "others");
    public static final List<String> DISTORTIONS = List.of(
            "jpeg2000 compression",
            "jpeg compression",
            "noise",
            "blur",
            "color",
            "contrast",
            "overexposure",
            "underexposure",
            "spatial",
            "quantization",
            "other");

    private final Clip clip;
    private final PromptFeatures prompts;

    /** @param clip with LIQE's weights; stays the caller's to close */
    public Liqe(Clip clip, PromptEncoder encoder) {
        this.clip = clip;
        prompts = new PromptFeatures(clip, encoder, prompts());
    }

    /** All sentences: qualities outermost, distortions innermost. */
    public static List<String> prompts() {
        List<String> prompts = new ArrayList<>();
        for (String quality : QUALITIES) {
            for (String scene : SCENES) {
                for (String distortion : DISTORTIONS) {
                    prompts.add(prompt(quality, scene, distortion));
                }
            }
        }
        return prompts;
    }

    /** One of the sentences. */
    public static String prompt(String quality, String scene, String distortion) {
        return "a photo of a " + scene + " with " + distortion + " artifacts, which is of " + quality + " quality";
    }

    /**
     * The quality of one picture, 1 to 5.
     *
     * @throws IllegalArgumentException if the picture has fewer than 15 patches; it is not enlarged, since LIQE judges
     *     pixels as they are
     */
    public double score(Picture picture) {
        return score(List.of(picture)).getFirst();
    }

    /**
     * The quality of pictures of any size, in order.
     *
     * @throws IllegalArgumentException if one has fewer than 15 patches
     */
    public List<Double> score(List<Picture> pictures) {
        return Batches.of(pictures, TOGETHER, batch -> {
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                Tensor patches =
                        Tensor.cat(batch.stream().map(this::patches).toList(), 0); // (batch * 15, 3, side, side)
                Tensor logits = prompts.cosines(clip.encodePictures(patches)).mul(clip.scale());
                // Scores are averaged over patches before the softmax.
                Tensor averages =
                        logits.reshape(batch.size(), PATCHES, logits.size(1)).mean(false, 1);
                float[] probabilities = Functions.softmax(averages, 1).toFloats();
                int sentences = probabilities.length / batch.size();
                return IntStream.range(0, batch.size())
                        .mapToObj(i -> quality(probabilities, i * sentences, sentences))
                        .toList();
            }
        });
    }

    private static double quality(float[] probabilities, int from, int sentences) {
        double quality = 0;
        for (int i = 0; i < sentences; i++) {
            quality += (1 + i / (SCENES.size() * DISTORTIONS.size())) * (double) probabilities[from + i];
        }
        return quality;
    }

    /** Of all patches, row by row, every n-th so that 15 are taken. */
    private Tensor patches(Picture picture) {
        int side = clip.config().size();
        int stride = (int) Math.max(1, Math.round(STRIDE * side));
        int rows = picture.height() < side ? 0 : (picture.height() - side) / stride + 1;
        int columns = picture.width() < side ? 0 : (picture.width() - side) / stride + 1;
        int step = rows * columns / PATCHES;
        if (step == 0) {
            throw new IllegalArgumentException("LIQE looks at " + PATCHES + " patches of " + side + " pixels, " + stride
                    + " apart; " + picture + " has " + rows * columns);
        }
        Tensor pixels = ClipPictures.whole(picture);
        List<Tensor> patches = new ArrayList<>();
        for (int i = 0; i < PATCHES; i++) {
            long top = (long) (i * step / columns) * stride;
            long left = (long) (i * step % columns) * stride;
            patches.add(pixels.narrow(2, top, side).narrow(3, left, side));
        }
        return Tensor.cat(patches, 0);
    }

    @Override
    public void close() {
        prompts.close();
    }
}
