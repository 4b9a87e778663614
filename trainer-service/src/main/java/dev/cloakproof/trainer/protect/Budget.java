package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.Pixels;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a sample of a picture may move, in levels of 255. Tensors in [-1, 1] span the same levels with 2, so that 11
 * levels are 22/255 there: mixing the two up doubles or halves a protection.
 *
 * @param radius the most, above 0; 11 in the paper
 * @param step of one iteration; 1 in the paper
 */
public record Budget(double radius, double step) {
    /** Section 5.1: "11/255 with a six-step PGD step size of 1/255". */
    public static final Budget PAPER = new Budget(11, 1);
    /** The released Anti-DreamBooth scripts': 5e-2 and 5e-3 in [-1, 1]. */
    public static final Budget ANTI_DREAMBOOTH =
            new Budget(0.05 * Pixels.LEVELS_PER_UNIT, 0.005 * Pixels.LEVELS_PER_UNIT);

    public Budget {
        if (!(radius > 0 && radius <= 255) || !(step > 0 && step <= 255)) {
            throw new IllegalArgumentException(
                    "expected a radius and a step in levels, above 0 to 255, found " + radius + " and " + step);
        }
    }

    /** The radius for tensors in [-1, 1]. */
    double unitRadius() {
        return radius / Pixels.LEVELS_PER_UNIT;
    }

    double unitStep() {
        return step / Pixels.LEVELS_PER_UNIT;
    }

    /** Back into the budget and into [-1, 1]. */
    Tensor project(Tensor moved, Tensor original) {
        return original.add(moved.sub(original).clamp(-unitRadius(), unitRadius()))
                .clamp(-1, 1);
    }

    /**
     * Pictures of what was found, rounded to the nearest level that is still within the budget: a sample may not leave it
     * by rounding.
     *
     * @param moved (n, 3, height, width) in [-1, 1]
     */
    List<Picture> pictures(Tensor moved, List<Picture> originals) {
        int most = (int) Math.floor(radius + 1e-9);
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < originals.size(); i++) {
            Picture original = originals.get(i);
            float[] planes = moved.select(0, i).toFloats();
            int pixels = original.width() * original.height();
            byte[] rgb = original.rgb();
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < Picture.CHANNELS; c++) {
                    int before = rgb[p * Picture.CHANNELS + c] & 0xff;
                    long level = Math.round((planes[c * pixels + p] + 1) * Pixels.LEVELS_PER_UNIT);
                    int kept = Math.clamp(level, before - most, before + most);
                    rgb[p * Picture.CHANNELS + c] = (byte) Math.clamp(kept, 0, 255);
                }
            }
            pictures.add(Picture.of(original.width(), original.height(), rgb));
        }
        return pictures;
    }
}
