package dev.cloakproof.vision.image;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.util.Arrays;
import java.util.List;

/** Pictures to tensors (batch, 3, height, width) and back. */
public final class Pixels {
    private Pixels() {}

    /** Levels 0 to 255 as float32, red, green, blue; (1, 3, height, width). */
    public static Tensor levels(Picture picture) {
        byte[] rgb = picture.rgb();
        int area = picture.width() * picture.height();
        float[] planes = new float[3 * area];
        for (int i = 0; i < area; i++) {
            for (int channel = 0; channel < 3; channel++) {
                planes[channel * area + i] = rgb[3 * i + channel] & 0xff;
            }
        }
        return Tensor.of(planes, 1, 3, picture.height(), picture.width());
    }

    /** Levels 0 to 1; (1, 3, height, width). */
    public static Tensor unit(Picture picture) {
        return Scope.result(() -> levels(picture).div(255));
    }

    /** Levels -1 to 1; (1, 3, height, width). */
    public static Tensor signed(Picture picture) {
        return Scope.result(() -> levels(picture).div(127.5).add(-1));
    }

    /** (x - mean) / deviation, channel by channel. */
    public static Tensor normalise(Tensor pixels, float[] mean, float[] deviation) {
        return Scope.result(() -> pixels.sub(Tensor.of(mean, 1, 3, 1, 1)).div(Tensor.of(deviation, 1, 3, 1, 1)));
    }

    /** Pictures of one size as one batch, each made by {@code convert}. */
    public static Tensor batch(List<Picture> pictures, java.util.function.Function<Picture, Tensor> convert) {
        return Scope.result(() -> Tensor.cat(pictures.stream().map(convert).toList(), 0));
    }

    /**
     * The picture of values -1 to 1, which are clamped and rounded to the nearest level.
     *
     * @param pixels (1, 3, height, width)
     * @throws IllegalArgumentException if a value is not a number: such a picture would be one colour
     */
    public static Picture ofSigned(Tensor pixels) {
        try (var _ = Scope.open()) {
            return ofLevels(pixels.clamp(-1, 1).add(1).mul(127.5).round());
        }
    }

    /** The picture of whole levels 0 to 255, (1, 3, height, width). */
    public static Picture ofLevels(Tensor levels) {
        if (levels.rank() != 4 || levels.size(0) != 1 || levels.size(1) != 3) {
            throw new IllegalArgumentException(
                    "expected one picture (1, 3, height, width), found " + Arrays.toString(levels.shape()));
        }
        int height = Math.toIntExact(levels.size(2));
        int width = Math.toIntExact(levels.size(3));
        float[] planes = levels.toFloats();
        byte[] rgb = new byte[planes.length];
        int area = width * height;
        for (int i = 0; i < area; i++) {
            for (int channel = 0; channel < 3; channel++) {
                float level = planes[channel * area + i];
                if (Float.isNaN(level)) {
                    throw new IllegalArgumentException("a pixel is not a number");
                }
                rgb[3 * i + channel] = (byte) (int) Math.clamp(level, 0, 255);
            }
        }
        return Picture.of(width, height, rgb);
    }
}
