package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.PromptIds;
import java.util.List;

/**
 * Fully-trained surrogate model guidance (Van Le et al. 2023): trains the surrogate on clean pictures to the end, then
 * ascends its loss.
 *
 * @param model is trained in place
 * @param trainingSteps 1000 in the authors' script
 * @param steps 100 there
 */
public record Fsmg(DiffusionModel model, PromptIds ids, SurrogateSpec surrogate, int trainingSteps, int steps)
        implements Protection {
    @Override
    public List<Picture> protect(Request request, ProtectionMonitor monitor) {
        request.requireSurrogatePictures();
        return DenoisingAttack.run(
                model, ids, surrogate, request, monitor, (long) trainingSteps + steps, (s, sets, count) -> {
                    s.train(sets.clean(), sets.prior(), trainingSteps, count);
                    return ProjectedGradient.ascending(request.budget())
                            .run(sets.pictures(), sets.pictures(), steps, s::pixelGradient, count);
                });
    }
}
