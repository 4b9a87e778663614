package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Moves parameters by their gradients. All that a later step depends on is in {@link #state} and {@link #steps}, so an
 * optimizer that is given both back goes on to the same bits. It owns its state and not the parameters.
 */
public interface Optimizer extends AutoCloseable {
    /**
     * Moves every parameter.
     *
     * @param gradients one for each parameter, in the parameters' order, of its shape
     */
    void step(List<Tensor> gradients, double learningRate);

    /** Steps taken. */
    long steps();

    /** The tensors to store, by name; they change with every step. */
    Map<String, Tensor> state();

    /**
     * Takes up where another left off.
     *
     * @param state as {@link #state} of an optimizer of the same kind over the same parameters; copied
     * @throws IllegalArgumentException if names, shapes or types differ; nothing is changed then
     */
    void restore(Map<String, Tensor> state, long steps);

    /** Bytes of the state. */
    default long stateBytes() {
        return state().values().stream()
                .mapToLong(t -> t.elements() * t.dtype().bytes())
                .sum();
    }

    /** Frees the state. */
    @Override
    void close();
}
