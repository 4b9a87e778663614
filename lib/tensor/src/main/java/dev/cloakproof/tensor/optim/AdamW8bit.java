package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * AdamW whose moments are 8-bit codes: 2 bytes a parameter and 8 bytes a block, instead of 8 bytes a parameter (Dettmers
 * et al. 2022). Each block of a flattened parameter has the scale of its largest moment, so that an outlier costs only
 * its block its precision. The step itself uses the moments before they are rounded.
 *
 * <p>Parameters below {@value #SMALLEST} elements (norms, biases) keep float32 moments, as in bitsandbytes: they are few
 * and rounding hurts them most.
 */
public final class AdamW8bit implements Optimizer {
    /** Parameters with fewer elements keep float32 moments. */
    public static final int SMALLEST = 4096;

    private record Quantized(
            int index, Tensor parameter, Tensor mean, Tensor meanScale, Tensor square, Tensor squareScale) {}

    private final AdamWSettings settings;
    private final int block;
    private final OptimizerState state = new OptimizerState();
    private final Scope tableScope = Scope.unbound();
    private final List<Tensor> tables;
    private final List<Quantized> large = new ArrayList<>();
    private final List<Integer> smallIndices = new ArrayList<>();
    private final AdamW small; // null if every parameter is large
    private final Map<String, Tensor> all = new LinkedHashMap<>();
    private long steps;

    /**
     * @param parameters float32, contiguous, by the name under which state is stored
     * @param block elements that share a scale, 256 (bitsandbytes since 0.45) or 2048 (the paper)
     */
    public AdamW8bit(Map<String, Tensor> parameters, AdamWSettings settings, int block) {
        if (block < 64 || block > 1 << 20) {
            throw new IllegalArgumentException("expected a block of 64 to 1048576 elements, found " + block);
        }
        OptimizerState.check(parameters);
        this.settings = settings;
        this.block = block;
        Map<String, Tensor> few = new LinkedHashMap<>();
        int index = 0;
        for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
            if (entry.getValue().elements() < SMALLEST) {
                few.put(entry.getKey(), entry.getValue());
                smallIndices.add(index);
            } else {
                large.add(quantized(index, entry.getKey(), entry.getValue()));
            }
            index++;
        }
        small = few.isEmpty() ? null : new AdamW(few, settings);
        all.putAll(state.all());
        if (small != null) {
            all.putAll(small.state());
        }
        Device device = parameters.values().iterator().next().device();
        try (var _ = Scope.open()) {
            tables = Stream.of(DynamicCodes.tables(true), DynamicCodes.tables(false))
                    .flatMap(Stream::of)
                    .map(table -> tableScope.take(table.to(device)))
                    .toList();
        }
    }

    private Quantized quantized(int index, String name, Tensor parameter) {
        long blocks = Math.ceilDiv(parameter.elements(), block);
        return new Quantized(
                index,
                parameter,
                // A code of 0 is the lowest level, but a scale of 0 makes it zero.
                state.zeros("mean8." + name, parameter, DType.U8, blocks * block),
                state.zeros("mean_scale." + name, parameter, DType.F32, blocks),
                state.zeros("square8." + name, parameter, DType.U8, blocks * block),
                state.zeros("square_scale." + name, parameter, DType.F32, blocks));
    }

    @Override
    public void step(List<Tensor> gradients, double learningRate) {
        steps++;
        for (Quantized q : large) {
            InPlace.adamW8bit(
                    q.parameter,
                    gradients.get(q.index),
                    q.mean,
                    q.meanScale,
                    q.square,
                    q.squareScale,
                    tables,
                    block,
                    steps,
                    learningRate,
                    settings.beta1(),
                    settings.beta2(),
                    settings.weightDecay(),
                    settings.eps());
        }
        if (small != null) {
            small.step(smallIndices.stream().map(gradients::get).toList(), learningRate);
        }
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Map<String, Tensor> state() {
        return all;
    }

    @Override
    public void restore(Map<String, Tensor> stored, long stepsBefore) {
        Map<String, Tensor> ours = new LinkedHashMap<>(stored);
        Map<String, Tensor> theirs = new LinkedHashMap<>();
        if (small != null) {
            small.state().keySet().forEach(name -> {
                Tensor tensor = ours.remove(name);
                if (tensor != null) {
                    theirs.put(name, tensor);
                }
            });
            small.restore(theirs, stepsBefore);
        }
        state.restore(ours);
        steps = stepsBefore;
    }

    @Override
    public void close() {
        state.close();
        tableScope.close();
        if (small != null) {
            small.close();
        }
    }
}
