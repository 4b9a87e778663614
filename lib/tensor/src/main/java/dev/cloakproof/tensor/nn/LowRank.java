package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/**
 * What low-rank adaptation adds to a linear layer (Hu et al. 2022): scale * up(down(x)).
 *
 * @param down (rank, in)
 * @param up (out, rank)
 * @param scale alpha / rank
 */
public record LowRank(Tensor down, Tensor up, double scale) {
    Tensor add(Tensor base, Tensor x) {
        return base.add(Functions.linear(Functions.linear(x, down, null), up, null), scale);
    }
}
