package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.PromptIds;
import java.util.List;

/**
 * AdvDM (Liang et al. 2023): ascends the denoising loss of the model as it is, over random timesteps.
 *
 * @param model is not changed
 * @param surrogate its caption is what the pictures are said to show; 100 steps and "a photo" in the authors' Mist
 */
public record AdvDm(DiffusionModel model, PromptIds ids, SurrogateSpec surrogate, int steps) implements Protection {
    @Override
    public List<Picture> protect(Request request, ProtectionMonitor monitor) {
        return DenoisingAttack.run(
                model,
                ids,
                surrogate,
                request,
                monitor,
                steps,
                (s, sets, count) -> ProjectedGradient.ascending(request.budget())
                        .run(sets.pictures(), sets.pictures(), steps, s::pixelGradient, count));
    }
}
