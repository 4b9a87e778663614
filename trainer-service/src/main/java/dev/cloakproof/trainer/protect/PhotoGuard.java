package dev.cloakproof.trainer.protect;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.Pixels;
import dev.cloakproof.trainer.train.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * PhotoGuard's encoder attack (Salman et al. 2023): moves each picture's latents towards zero, from a random start inside
 * the budget, with a step that shrinks to a hundredth.
 *
 * @param iterations 200 to 1000 in the authors' notebooks
 */
public record PhotoGuard(Autoencoder autoencoder, int iterations) implements Protection {
    private static final double LAST_STEP = 0.01;

    @Override
    public List<Picture> protect(Request request, ProtectionMonitor monitor) {
        autoencoder.parameters().require(false);
        var count = new ProtectionMonitor.Count(
                monitor, (long) iterations * request.pictures().size());
        List<Picture> found = new ArrayList<>();
        for (int i = 0; i < request.pictures().size(); i++) {
            found.add(protect(request, i, count));
        }
        return found;
    }

    private Picture protect(Request request, int index, ProtectionMonitor.Count count) {
        try (var _ = Scope.open()) {
            Picture picture = request.pictures().get(index);
            Budget budget = request.budget();
            Tensor original = Pixels.normalised(Pixels.levels(picture))
                    .to(autoencoder.device())
                    .to(DType.F32);
            Tensor offset = RandomStream.START
                    .at(request.seed(), index)
                    .uniform(original.shape())
                    .mul(2 * budget.unitRadius())
                    .add(-budget.unitRadius());
            Tensor start = budget.project(original.add(offset.to(original.device())), original);
            var descent = new ProjectedGradient(budget, false, i -> 1 - (1 - LAST_STEP) * i / iterations);
            Tensor moved = descent.run(start, original, iterations, this::gradient, count);
            return budget.pictures(moved, List.of(picture)).getFirst();
        }
    }

    /** d |mean latents| / d pixels. */
    private Tensor gradient(Tensor pixels) {
        try (var scope = Scope.open()) {
            Tensor leaf = Autograd.variable(pixels);
            Tensor norm = autoencoder.encode(leaf).mean().norm();
            return scope.keep(Autograd.grad(norm, List.of(leaf)).getFirst());
        }
    }
}
