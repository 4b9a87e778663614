package dev.cloakproof.tensor;

import java.util.List;
import java.util.function.Function;

/**
 * How a network runs its blocks: straight through ({@link #DIRECT}), or so that activations inside a block are
 * forgotten and computed again for the gradient ({@link RecomputeTape}).
 */
@FunctionalInterface
public interface Segments {
    /** Runs each block once, in a scope of its own. */
    Segments DIRECT = (inputs, body) -> {
        try (var scope = Scope.open()) {
            return scope.keep(body.apply(inputs));
        }
    };

    /**
     * @param inputs every tensor that the block computes from, parameters apart
     * @param body the block: a function of {@code inputs} and of parameters, which may run twice
     * @return what {@code body} returns
     */
    Tensor run(List<Tensor> inputs, Function<List<Tensor>, Tensor> body);
}
