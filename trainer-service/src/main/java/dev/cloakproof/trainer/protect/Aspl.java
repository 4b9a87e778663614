package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.PromptIds;
import java.util.List;

/**
 * Alternating surrogate and perturbation learning (Van Le et al. 2023): in each round a copy of the surrogate sees clean
 * pictures and guides the perturbation, then the surrogate itself sees what was perturbed.
 *
 * @param model is trained in place
 * @param rounds 50 in the authors' script
 * @param cleanSteps training steps of the copy, 3 there
 * @param steps gradient steps on the pictures, 6 there
 * @param perturbedSteps training steps of the surrogate, 3 there
 */
public record Aspl(
        DiffusionModel model,
        PromptIds ids,
        SurrogateSpec surrogate,
        int rounds,
        int cleanSteps,
        int steps,
        int perturbedSteps)
        implements Protection {

    /** The authors' numbers. */
    public static Aspl standard(DiffusionModel model, PromptIds ids, SurrogateSpec surrogate) {
        return new Aspl(model, ids, surrogate, 50, 3, 6, 3);
    }

    @Override
    public List<Picture> protect(Request request, ProtectionMonitor monitor) {
        request.requireSurrogatePictures();
        long total = (long) rounds * (cleanSteps + steps + perturbedSteps);
        return DenoisingAttack.run(model, ids, surrogate, request, monitor, total, (s, sets, count) -> {
            Tensor pixels = sets.pictures();
            for (int round = 0; round < rounds; round++) {
                try (var scope = Scope.open()) {
                    var before = s.remember();
                    s.train(sets.clean(), sets.prior(), cleanSteps, count);
                    pixels = scope.keep(ProjectedGradient.ascending(request.budget())
                            .run(pixels, sets.pictures(), steps, s::pixelGradient, count));
                    s.restore(before);
                }
                s.train(pixels, sets.prior(), perturbedSteps, count);
            }
            return pixels;
        });
    }
}
