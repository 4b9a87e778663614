package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.Pixels;
import dev.cloakproof.trainer.train.PromptIds;
import java.util.List;

/** What AdvDM, FSMG and ASPL share: one surrogate, and pixels that ascend its loss. */
final class DenoisingAttack {
    /** The attack's own part. */
    @FunctionalInterface
    interface Plan {
        /** @return perturbed pixels in [-1, 1] */
        Tensor run(Surrogate surrogate, Sets sets, ProtectionMonitor.Count count);
    }

    /** Pictures as (n, 3, height, width) in [-1, 1]; clean and prior are null where there are none. */
    record Sets(Tensor pictures, Tensor clean, Tensor prior) {}

    private DenoisingAttack() {}

    static List<Picture> run(
            DiffusionModel model,
            PromptIds ids,
            SurrogateSpec spec,
            Protection.Request request,
            ProtectionMonitor monitor,
            long steps,
            Plan plan) {
        try (var _ = Scope.open()) {
            var draws = new Draws(request.seed(), model.schedule().timesteps());
            var surrogate = new Surrogate(model, ids, spec, draws);
            var sets = new Sets(
                    pixels(surrogate, request.pictures()),
                    pixels(surrogate, request.clean()),
                    pixels(surrogate, request.prior()));
            Tensor found = plan.run(surrogate, sets, new ProtectionMonitor.Count(monitor, steps));
            return request.budget().pictures(found, request.pictures());
        }
    }

    private static Tensor pixels(Surrogate surrogate, List<Picture> pictures) {
        return pictures.isEmpty() ? null : surrogate.place(Pixels.normalised(Pixels.levels(pictures)));
    }
}
