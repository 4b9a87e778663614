package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import java.util.List;

/**
 * Brings the picture to a small copy and enlarges that four times by diffusion: the second half of CodeSR (paper, 4.2;
 * {@code sr.py}).
 *
 * <p>The paper has squares only. Of other pictures the shorter side becomes {@code input}, the longer one the nearest
 * multiple of 8, and the result is brought to the picture's own proportion, so nothing stays distorted. Pictures more
 * than four times as long as wide are refused.
 */
public final class SuperResolutionStep implements PurificationStep {
    private static final int ENLARGEMENT = 4;
    /** The network halves the picture three times. */
    private static final int GRID = 8;

    private static final double LONGEST = 4;
    /** The published scheduler counts its 1000 timesteps from 1: the thousandth step would begin past the last. */
    private static final int MOST_STEPS = 999;

    /** Side of the small copy in the paper. */
    public static final int PUBLISHED_SIDE = 128;

    private final Enlarger enlarger;
    private final StepDescription description;

    /** @param side of the small copy that the enlarger knows best, a multiple of 8 */
    public SuperResolutionStep(Enlarger enlarger, int side) {
        this.enlarger = enlarger;
        description = new StepDescription(
                "sr",
                "a small copy enlarged four times by diffusion",
                "minutes on a CPU, seconds on a GPU; the x4 upscaler",
                List.of(
                        Setting.whole("steps", "denoising steps", "", 1, MOST_STEPS, 75),
                        Setting.number("guidance", "scale of classifier-free guidance, 1 for none", "", 1, 50, 9),
                        Setting.whole("noise_level", "noise on the small copy", "of 1000 timesteps", 0, 350, 20),
                        Setting.whole("input", "shorter side of the small copy", "pixels", GRID, 512, side)));
    }

    @Override
    public StepDescription description() {
        return description;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        int side = settings.whole("input");
        if (side % GRID != 0) {
            throw new PurificationException("sr: input is a multiple of " + GRID + ", found " + side);
        }
        double scale = (double) side / Math.min(picture.width(), picture.height());
        if (Math.max(picture.width(), picture.height()) * scale > LONGEST * side) {
            throw new PurificationException(
                    "sr: expected a picture at most four times as long as wide, found " + picture);
        }
        Picture small = Resize.to(
                picture, onGrid(picture.width() * scale), onGrid(picture.height() * scale), Resampling.BICUBIC);
        Picture large = enlarger.enlarge(
                new Enlarger.Request(
                        small,
                        prompt(run.classNoun()),
                        settings.whole("steps"),
                        settings.number("guidance"),
                        settings.whole("noise_level"),
                        run.seed()),
                new PurificationWatch() {
                    @Override
                    public void progress(String step, int done, int total) {
                        run.progress("sr", done, total);
                    }

                    @Override
                    public boolean cancelled() {
                        return run.cancelled();
                    }
                });
        int width = (int) Math.round(picture.width() * scale * ENLARGEMENT);
        int height = (int) Math.round(picture.height() * scale * ENLARGEMENT);
        return Resize.to(large, width, height, Resampling.BICUBIC);
    }

    private static int onGrid(double length) {
        return Math.max(GRID, (int) Math.round(length / GRID) * GRID);
    }

    private static String prompt(String noun) {
        return "A photo of a " + noun;
    }
}
