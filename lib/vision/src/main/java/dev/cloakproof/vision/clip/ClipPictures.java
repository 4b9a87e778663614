package dev.cloakproof.vision.clip;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Framing;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.image.Resampling;
import java.util.List;

/** Pictures as CLIP was trained to see them (openai/CLIP, {@code clip.py}). */
public final class ClipPictures {
    private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    private ClipPictures() {}

    /** The middle square of each, brought to {@code size} pixels; (batch, 3, size, size). */
    public static Tensor framed(List<Picture> pictures, int size) {
        return normalised(pictures.stream()
                .map(picture -> Framing.square(picture, size, Resampling.BICUBIC))
                .toList());
    }

    /** The picture as it is, only normalised; (1, 3, height, width). */
    public static Tensor whole(Picture picture) {
        return normalised(List.of(picture));
    }

    private static Tensor normalised(List<Picture> pictures) {
        return Scope.result(() ->
                PictureTensors.unit(pictures).sub(Tensor.of(MEAN, 1, 3, 1, 1)).div(Tensor.of(DEVIATION, 1, 3, 1, 1)));
    }
}
