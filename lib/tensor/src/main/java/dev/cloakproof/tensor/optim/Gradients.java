package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Tensor;
import java.util.List;

/** What is done to gradients between the backward run and the step. */
public final class Gradients {
    /** Keeps the quotient finite; {@code torch.nn.utils.clip_grad_norm_} has the same. */
    private static final double EPS = 1e-6;

    private Gradients() {}

    /**
     * Scales all gradients down together, in place, if their norm as one vector exceeds {@code most}.
     *
     * @param most infinite to only measure
     * @return the norm before; not finite if any element is not, and then nothing was scaled
     */
    public static double clip(List<Tensor> gradients, double most) {
        double norm = InPlace.globalNorm(gradients);
        double factor = most / (norm + EPS);
        if (factor < 1) {
            InPlace.scale(gradients, factor);
        }
        return norm;
    }
}
