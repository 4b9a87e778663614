package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/** Pictures as levels 0 to 255 and as the [-1, 1] that models read. */
public final class Pixels {
    /** [-1, 1] spans 255 levels. */
    public static final double LEVELS_PER_UNIT = 127.5;

    private Pixels() {}

    /** (1, 3, height, width), float32 levels 0 to 255. */
    public static Tensor levels(Picture picture) {
        byte[] rgb = picture.rgb();
        int pixels = picture.width() * picture.height();
        var planes = new float[rgb.length];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < Picture.CHANNELS; c++) {
                planes[c * pixels + i] = rgb[i * Picture.CHANNELS + c] & 0xff;
            }
        }
        return Tensor.of(planes, 1, Picture.CHANNELS, picture.height(), picture.width());
    }

    /** As {@link #levels(Picture)} for pictures of one size: (n, 3, height, width). */
    public static Tensor levels(List<Picture> pictures) {
        return Tensor.cat(pictures.stream().map(Pixels::levels).toList(), 0);
    }

    /** levels -> [-1, 1], with the roundings of torchvision's ToTensor and Normalize(0.5, 0.5). */
    public static Tensor normalised(Tensor levels) {
        return levels.div(255.0).add(-0.5).div(0.5);
    }

    /** One picture of levels (1, 3, height, width) that are whole already. */
    public static Picture picture(Tensor levels) {
        int height = (int) levels.size(2);
        int width = (int) levels.size(3);
        int pixels = width * height;
        float[] planes = levels.toFloats();
        var rgb = new byte[pixels * Picture.CHANNELS];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < Picture.CHANNELS; c++) {
                rgb[i * Picture.CHANNELS + c] = (byte) Math.clamp(Math.round(planes[c * pixels + i]), 0, 255);
            }
        }
        return Picture.of(width, height, rgb);
    }
}
