package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Framing;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.vision.image.Pixels;
import java.util.List;

/** Pictures as CLIP was trained to see them (openai/CLIP, {@code clip.py}). */
public final class ClipPictures {
    private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    private ClipPictures() {}

    /** The middle square of each, brought to {@code size} pixels; (batch, 3, size, size). */
    public static Tensor framed(List<Picture> pictures, int size) {
        return Pixels.batch(pictures, picture -> whole(Framing.square(picture, size, Resampling.BICUBIC)));
    }

    /** The picture as it is, only normalised; (1, 3, height, width). */
    public static Tensor whole(Picture picture) {
        return Pixels.normalise(Pixels.unit(picture), MEAN, DEVIATION);
    }
}
