package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An exponential moving average of parameters, which often samples better than the last of them (diffusers,
 * {@code EMAModel}). Early steps have a smaller decay, (1 + n) / (10 + n), or the average would long remember the start.
 */
public final class MovingAverage implements AutoCloseable {
    private final double decay;
    private final List<Tensor> parameters;
    private final OptimizerState state = new OptimizerState();
    private final List<Tensor> averages = new ArrayList<>();
    private long updates;

    /** @param decay how much of the average stays in one step, in [0, 1) */
    public MovingAverage(Map<String, Tensor> parameters, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("expected a decay in [0, 1), found " + decay);
        }
        OptimizerState.check(parameters);
        this.decay = decay;
        this.parameters = List.copyOf(parameters.values());
        parameters.forEach((name, parameter) -> {
            Tensor average = state.zeros(name, parameter, DType.F32, parameter.shape());
            InPlace.copy(average, parameter);
            averages.add(average);
        });
    }

    /** After each step of the optimizer. */
    public void update() {
        updates++;
        InPlace.lerp(averages, parameters, 1 - decayAt(updates));
    }

    /** The decay of the n-th update, from 1: the first takes the parameters as they are. */
    double decayAt(long n) {
        long before = n - 1;
        return before == 0 ? 0 : Math.min(decay, (1.0 + before) / (10 + before));
    }

    /** The averages by the parameters' names; they change with every update. */
    public Map<String, Tensor> state() {
        return state.all();
    }

    public void restore(Map<String, Tensor> stored, long updatesBefore) {
        state.restore(stored);
        updates = updatesBefore;
    }

    public long updates() {
        return updates;
    }

    @Override
    public void close() {
        state.close();
    }
}
