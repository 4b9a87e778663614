package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import java.util.List;
import java.util.Locale;

/**
 * Total variation minimisation on a small copy of the picture (paper, D.1). The paper's norms are taken per channel; its
 * code measures the misfit by a spectral norm and takes the three channels of a row for columns side by side
 * ({@code tvm.py}). The result stays small: the paper enlarges it by {@code sr} twice.
 *
 * <p>With the paper's norms and weight of 0.01 a picture of 64 pixels is its own optimum where samples count: the norms
 * are not squared, and 378 differences at 0.01 cannot outweigh one unit of misfit. Only the dropped samples change. The
 * defence's authors drop half of the samples and weigh by 0.03 (Guo et al. 2018): this is the preset {@code corrected}.
 */
public final class TvmStep implements PurificationStep {
    private static final int MOST_ITERATIONS = 20_000;

    private static final StepDescription DESCRIPTION = new StepDescription(
            "tvm",
            "total variation minimisation on a small copy, which is the result",
            "seconds, no weights",
            List.of(
                    Setting.whole(
                            "side",
                            "side of the small copy; its shorter one where it is no square",
                            "pixels",
                            8,
                            256,
                            64),
                    Setting.number("drop", "part of the samples that do not count", "", 0, 0.9, 0.02)
                            .corrected(0.5),
                    Setting.number("lambda", "weight of the total variation", "", 0, 10, 0.01)
                            .corrected(0.03),
                    Setting.whole(
                                    "interleaved",
                                    "1 for the norms of the released code, 0 for those of the paper",
                                    "",
                                    0,
                                    1,
                                    0)
                            .official(1),
                    Setting.number("gap", "duality gap to reach, relative to the objective", "", 1e-6, 0.1, 1e-3)));

    @Override
    public StepDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        Picture small = small(picture, settings.whole("side"));
        int samples = small.width() * small.height() * Picture.CHANNELS;
        double[] levels = new double[samples];
        byte[] rgb = small.rgb();
        for (int i = 0; i < samples; i++) {
            levels[i] = (rgb[i] & 0xff) / 255.0;
        }
        boolean interleaved = settings.flag("interleaved");
        var problem = new TotalVariation(
                small.height(),
                small.width(),
                levels,
                counted(run.seed(), samples, settings.number("drop")),
                settings.number("lambda"),
                interleaved);
        TotalVariation.Solution solution = problem.solve(
                settings.number("gap"), MOST_ITERATIONS, done -> run.progress("tvm", done, MOST_ITERATIONS));
        run.note(String.format(
                Locale.ROOT,
                "tvm: objective %.6g, duality gap %.2g after %d iterations%s",
                solution.objective(),
                solution.gap(),
                solution.iterations(),
                solution.reached() ? "" : ", more than asked for"));
        for (int i = 0; i < samples; i++) {
            double level = Math.clamp(solution.values()[i] * 255, 0, 255);
            // The released code cuts fractions off.
            rgb[i] = (byte) (interleaved ? (int) level : Math.round(level));
        }
        return Picture.of(small.width(), small.height(), rgb);
    }

    private static Picture small(Picture picture, int side) {
        double scale = (double) side / Math.min(picture.width(), picture.height());
        int width = (int) Math.round(picture.width() * scale);
        int height = (int) Math.round(picture.height() * scale);
        if (Math.max(width, height) > 4 * side) {
            throw new PurificationException(
                    "tvm: expected a picture at most four times as long as wide, found " + picture);
        }
        return Resize.to(picture, width, height, Resampling.LANCZOS);
    }

    private static boolean[] counted(long seed, int samples, double drop) {
        try (var _ = Scope.open()) {
            float[] draws = Generator.seeded(seed).uniform(samples).toFloats();
            boolean[] counted = new boolean[samples];
            for (int i = 0; i < samples; i++) {
                counted[i] = draws[i] >= drop;
            }
            return counted;
        }
    }
}
