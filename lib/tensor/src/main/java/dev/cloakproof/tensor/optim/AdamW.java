package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** AdamW with float32 moments, 8 bytes a parameter, through libtorch's fused kernel: {@code torch.optim.AdamW}. */
public final class AdamW implements Optimizer {
    private final AdamWSettings settings;
    private final List<Tensor> parameters;
    private final OptimizerState state = new OptimizerState();
    private final List<Tensor> means = new ArrayList<>();
    private final List<Tensor> squares = new ArrayList<>();
    private final Tensor step;
    private long steps;

    /** @param parameters float32, contiguous, by the name under which state is stored */
    public AdamW(Map<String, Tensor> parameters, AdamWSettings settings) {
        OptimizerState.check(parameters);
        this.settings = settings;
        this.parameters = List.copyOf(parameters.values());
        parameters.forEach((name, parameter) -> {
            means.add(state.zeros("mean." + name, parameter, DType.F32, parameter.shape()));
            squares.add(state.zeros("square." + name, parameter, DType.F32, parameter.shape()));
        });
        step = state.zeros("step", this.parameters.getFirst(), DType.F32);
    }

    @Override
    public void step(List<Tensor> gradients, double learningRate) {
        try (var _ = Scope.open()) {
            // A convolution's gradient comes in channels-last order, which the kernel would read as if it were not.
            List<Tensor> dense = gradients.stream().map(Tensor::contiguous).toList();
            InPlace.adamW(
                    parameters,
                    dense,
                    means,
                    squares,
                    step,
                    learningRate,
                    settings.beta1(),
                    settings.beta2(),
                    settings.weightDecay(),
                    settings.eps());
        }
        steps++;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Map<String, Tensor> state() {
        return state.all();
    }

    @Override
    public void restore(Map<String, Tensor> stored, long stepsBefore) {
        state.restore(stored);
        steps = stepsBefore;
    }

    @Override
    public void close() {
        state.close();
    }
}
