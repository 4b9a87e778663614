package dev.cloakproof.tensor;

import java.util.List;
import java.util.function.Function;

/**
 * How a network runs its blocks: straight through ({@link #DIRECT}), or so that activations inside a block are
 * forgotten and computed again for the gradient ({@link RecomputeTape}).
 */
public interface Segments {
    /** Runs each block once, in a scope of its own. */
    Segments DIRECT = new Segments() {
        @Override
        public Tensor run(List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
            return Scope.result(() -> body.apply(inputs));
        }

        @Override
        public void release(Tensor tensor) {
            tensor.free();
        }
    };

    /**
     * @param inputs every tensor that the block computes from, parameters apart
     * @param body the block: a function of {@code inputs} and of parameters, which may run twice
     * @return what {@code body} returns, in the caller's scope
     */
    Tensor run(List<Tensor> inputs, Function<List<Tensor>, Tensor> body);

    /** Says that the network will not read {@code tensor}, a block's result, again. */
    void release(Tensor tensor);
}
