package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/**
 * Projected gradient steps by sign (Madry et al. 2018) within a budget.
 *
 * @param ascend whether the loss is made larger
 * @param scale of the budget's step at an iteration
 */
record ProjectedGradient(Budget budget, boolean ascend, IntToDoubleFunction scale) {
    /** The gradient of a loss to pixels. */
    @FunctionalInterface
    interface Gradient {
        /** @param pixels (n, 3, height, width) in [-1, 1], without history */
        Tensor at(Tensor pixels);
    }

    static ProjectedGradient ascending(Budget budget) {
        return new ProjectedGradient(budget, true, _ -> 1);
    }

    /**
     * @param start within the budget
     * @param original (n, 3, height, width) in [-1, 1]
     * @return in the caller's scope
     */
    Tensor run(Tensor start, Tensor original, int iterations, Gradient gradient, ProtectionMonitor.Count count) {
        Tensor pixels = start;
        for (int i = 0; i < iterations; i++) {
            try (var scope = Scope.open()) {
                double way = (ascend ? 1 : -1) * budget.unitStep() * scale.applyAsDouble(i);
                Tensor moved = pixels.add(gradient.at(pixels).sign(), way);
                Tensor next = scope.keep(budget.project(moved, original));
                if (i > 0) {
                    pixels.free();
                }
                pixels = next;
            }
            count.next();
        }
        return pixels;
    }
}
