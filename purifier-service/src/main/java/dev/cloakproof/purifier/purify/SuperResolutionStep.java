package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.tensor.nn.Batches;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

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

    /** Small copies of the paper's size that are enlarged at once: the network's maps then take 1 to 2 GB. */
    private static final int TOGETHER = 4;

    /** Side of the small copy in the paper. */
    public static final int PUBLISHED_SIDE = 128;

    private final Enlarger enlarger;
    private final StepDescription description;

    /** @param side of the small copy that the enlarger knows best, a multiple of 8 */
    public SuperResolutionStep(Enlarger enlarger, int side) {
        this(enlarger, side, Map.of());
    }

    /**
     * @param suited settings that suit the enlarger better than the paper's, by name
     * @throws IllegalArgumentException if there is no such setting, or it cannot have that value
     */
    public SuperResolutionStep(Enlarger enlarger, int side, Map<String, Double> suited) {
        this.enlarger = enlarger;
        StepDescription published = new StepDescription(
                "sr",
                "a small copy enlarged four times by diffusion",
                "minutes on a CPU, seconds on a GPU; the x4 upscaler",
                List.of(
                        Setting.whole("steps", "denoising steps", "", 1, MOST_STEPS, 75),
                        Setting.number("guidance", "scale of classifier-free guidance, 1 for none", "", 1, 50, 9),
                        Setting.whole("noise_level", "noise on the small copy", "of 1000 timesteps", 0, 350, 20),
                        Setting.whole("input", "shorter side of the small copy", "pixels", GRID, 512, side)));
        description = published.suited(suited);
    }

    @Override
    public StepDescription description() {
        return description;
    }

    @Override
    public void check(Settings settings) {
        int side = settings.whole("input");
        if (side % GRID != 0) {
            throw new IllegalArgumentException("input: a multiple of " + GRID + ", found " + side);
        }
    }

    @Override
    public boolean gainsTogether() {
        return true;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        return apply(List.of(picture), settings, List.of(run)).getFirst().orThrow();
    }

    /** One of several pictures on its way. */
    private record Copy(Picture original, Picture small, PurificationRun run) {}

    @Override
    public List<Attempt> apply(List<Picture> pictures, Settings settings, List<PurificationRun> runs) {
        int side = settings.whole("input");
        // 1. small copies of those that are not too long
        List<Attempt> attempts = new ArrayList<>();
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            Attempt small = Attempt.of(() -> small(picture, side));
            attempts.add(small);
            if (small instanceof Attempt.Made(Picture made)) {
                copies.add(new Copy(picture, made, runs.get(i)));
            }
        }
        // 2. enlarged, those of one size together
        Iterator<Picture> large = Batches.alike(
                        copies,
                        copy -> size(copy.small()),
                        copy -> most(copy.small()),
                        batch -> enlarged(batch, settings))
                .iterator();
        // 3. brought to the pictures' own proportions
        for (int i = 0; i < attempts.size(); i++) {
            Picture picture = pictures.get(i);
            attempts.set(i, attempts.get(i).then(_ -> proportioned(large.next(), picture, side)));
        }
        return attempts;
    }

    private static Picture small(Picture picture, int side) {
        double scale = scale(picture, side);
        if (Math.max(picture.width(), picture.height()) * scale > LONGEST * side) {
            throw new PurificationException(
                    "sr: expected a picture at most four times as long as wide, found " + picture);
        }
        return Resize.to(
                picture, onGrid(picture.width() * scale), onGrid(picture.height() * scale), Resampling.BICUBIC);
    }

    private List<Picture> enlarged(List<Copy> batch, Settings settings) {
        List<Enlarger.Small> smalls = batch.stream()
                .map(copy -> new Enlarger.Small(
                        copy.small(), prompt(copy.run().classNoun()), copy.run().seed()))
                .toList();
        return enlarger.enlarge(
                new Enlarger.Request(
                        smalls, settings.whole("steps"), settings.number("guidance"), settings.whole("noise_level")),
                new PurificationWatch() {
                    @Override
                    public void progress(String step, int done, int total) {
                        batch.forEach(copy -> copy.run().progress("sr", done, total));
                    }

                    @Override
                    public boolean cancelled() {
                        return batch.stream().anyMatch(copy -> copy.run().cancelled());
                    }
                });
    }

    private static Picture proportioned(Picture large, Picture picture, int side) {
        double scale = scale(picture, side) * ENLARGEMENT;
        int width = (int) Math.round(picture.width() * scale);
        int height = (int) Math.round(picture.height() * scale);
        return Resize.to(large, width, height, Resampling.BICUBIC);
    }

    private static double scale(Picture picture, int side) {
        return (double) side / Math.min(picture.width(), picture.height());
    }

    private static String size(Picture picture) {
        return picture.width() + "x" + picture.height();
    }

    /** How many small copies of a size are enlarged at once. */
    private static int most(Picture small) {
        return TOGETHER * PUBLISHED_SIDE * PUBLISHED_SIDE / (small.width() * small.height());
    }

    private static int onGrid(double length) {
        return Math.max(GRID, (int) Math.round(length / GRID) * GRID);
    }

    private static String prompt(String noun) {
        return "A photo of a " + noun;
    }
}
