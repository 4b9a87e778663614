package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.evaluator.evaluate.Scorer.Pair;
import dev.cloakproof.evaluator.evaluate.Scorer.Scored;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.Psnr;
import dev.cloakproof.vision.perceptual.Ssim;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** The scorers of the paper. */
public final class Scorers {
    /** Pixels that LPIPS compares at once: four squares of 512 pixels, whose maps take about 1 GB. */
    private static final int PIXELS = 4 * 512 * 512;

    private Scorers() {}

    /** @param metric {@link Metric#IMS_IP} or {@link Metric#IMS_VGG} */
    public static Scorer identity(Metric metric, IdentityScorer scorer) {
        return pairs -> scorer.score(pictures(pairs)).stream()
                .map(likeness -> new Scored(
                        likeness.value().isPresent()
                                ? Map.of(metric, likeness.value().getAsDouble())
                                : Map.of(),
                        Optional.of(likeness.faceFound())))
                .toList();
    }

    public static Scorer liqe(Liqe liqe) {
        return pairs -> scored(Metric.LIQE, liqe.score(pictures(pairs)));
    }

    public static Scorer clipIqac(ClipIqac iqac) {
        return pairs -> scored(Metric.CLIP_IQAC, iqac.score(pictures(pairs)));
    }

    /** @param metric {@link Metric#LPIPS_ALEX} or {@link Metric#LPIPS_VGG} */
    public static Scorer lpips(Metric metric, Lpips lpips) {
        return pairs -> Batches.alike(pairs, Scorers::sizes, Scorers::most, batch -> {
            if (batch.getFirst().counterpart() == null) {
                return batch.stream().map(_ -> Scored.NOTHING).toList();
            }
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                Tensor counterparts = PictureTensors.signed(
                        batch.stream().map(Pair::counterpart).toList());
                float[] distances = lpips.distance(PictureTensors.signed(pictures(batch)), counterparts)
                        .toFloats();
                return scored(
                        metric,
                        IntStream.range(0, distances.length)
                                .mapToDouble(i -> distances[i])
                                .boxed()
                                .toList());
            }
        });
    }

    public static Scorer ssim() {
        return paired(Metric.SSIM, Ssim::ssim);
    }

    public static Scorer multiScaleSsim() {
        return paired(Metric.MS_SSIM, Ssim::multiScale);
    }

    public static Scorer psnr() {
        return Scorer.each(pair -> pair.counterpart() == null
                ? Scored.NOTHING
                : Scored.of(Metric.PSNR, Psnr.of(pair.picture(), pair.counterpart())));
    }

    private static Scorer paired(Metric metric, BinaryOperator<Tensor> compare) {
        return Scorer.each(pair -> pair.counterpart() == null
                ? Scored.NOTHING
                : Scored.of(metric, compared(pair.picture(), pair.counterpart(), compare)));
    }

    private static double compared(Picture a, Picture b, BinaryOperator<Tensor> compare) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            return compare.apply(PictureTensors.unit(List.of(a)), PictureTensors.unit(List.of(b)))
                    .item();
        }
    }

    private static List<Picture> pictures(List<Pair> pairs) {
        return pairs.stream().map(Pair::picture).toList();
    }

    private static List<Scored> scored(Metric metric, List<Double> values) {
        return values.stream().map(value -> Scored.of(metric, value)).toList();
    }

    /** Pictures of one batch have one size. */
    private static String sizes(Pair pair) {
        return pair.picture() + " " + pair.counterpart();
    }

    private static int most(Pair pair) {
        return PIXELS / (pair.picture().width() * pair.picture().height());
    }
}
