package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.Psnr;
import dev.cloakproof.vision.perceptual.Ssim;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** The scorers of the paper. */
public final class Scorers {
    private Scorers() {}

    /** @param metric {@link Metric#IMS_IP} or {@link Metric#IMS_VGG} */
    public static Scorer identity(Metric metric, IdentityScorer scorer) {
        return (picture, _, faces) -> {
            IdentityScorer.Likeness likeness = scorer.score(picture);
            faces.found(likeness.faceFound());
            return likeness.value().isPresent()
                    ? Map.of(metric, likeness.value().getAsDouble())
                    : Map.of();
        };
    }

    public static Scorer liqe(Liqe liqe) {
        return (picture, _, _) -> Map.of(Metric.LIQE, liqe.score(picture));
    }

    public static Scorer clipIqac(ClipIqac iqac) {
        return (picture, _, _) -> Map.of(Metric.CLIP_IQAC, iqac.score(picture));
    }

    /** @param metric {@link Metric#LPIPS_ALEX} or {@link Metric#LPIPS_VGG} */
    public static Scorer lpips(Metric metric, Lpips lpips) {
        return paired(
                metric,
                (a, b) -> lpips.distance(a.mul(2.0).add(-1.0), b.mul(2.0).add(-1.0)));
    }

    public static Scorer ssim() {
        return paired(Metric.SSIM, Ssim::ssim);
    }

    public static Scorer multiScaleSsim() {
        return paired(Metric.MS_SSIM, Ssim::multiScale);
    }

    public static Scorer psnr() {
        return (picture, counterpart, _) ->
                counterpart == null ? Map.of() : Map.of(Metric.PSNR, Psnr.of(picture, counterpart));
    }

    private static Scorer paired(Metric metric, BinaryOperator<Tensor> compare) {
        return (picture, counterpart, _) ->
                counterpart == null ? Map.of() : Map.of(metric, compared(picture, counterpart, compare));
    }

    private static double compared(Picture a, Picture b, BinaryOperator<Tensor> compare) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            return compare.apply(PictureTensors.unit(List.of(a)), PictureTensors.unit(List.of(b)))
                    .item();
        }
    }
}
