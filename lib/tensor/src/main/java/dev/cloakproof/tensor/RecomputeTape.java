package dev.cloakproof.tensor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Trades time for memory: remembers only what goes into and out of each block of a network and runs the block again
 * when its gradient is wanted (Chen et al. 2016, "Training deep nets with sublinear memory cost"). Gradients are those
 * of the plain run, to the bit, as the same ops run on the same numbers.
 *
 * <p>Every op between the tensors that gradients are asked for and the output must be inside a block. One tape serves
 * one forward and one backward run, on one thread.
 */
public final class RecomputeTape implements Segments {
    private record Segment(List<Tensor> inputs, Function<List<Tensor>, Tensor> body, Tensor output) {}

    private final List<Segment> segments = new ArrayList<>();

    @Override
    public Tensor run(List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
        Tensor output;
        try (var _ = Autograd.pause();
                var scope = Scope.open()) {
            output = scope.keep(body.apply(inputs));
        }
        segments.add(new Segment(List.copyOf(inputs), body, output));
        return output;
    }

    @Override
    public void release(Tensor tensor) {
        // The backward run reads it.
    }

    /**
     * Gradients of the last block's output.
     *
     * @param head the upstream gradient of that output, of its shape and type
     * @param wanted leaves: parameters, and inputs of blocks
     * @return one gradient for each of {@code wanted}, zeros where the output does not depend on it
     */
    public List<Tensor> backward(Tensor head, List<Tensor> wanted) {
        if (segments.isEmpty()) {
            throw new IllegalStateException("nothing was run on this tape");
        }
        List<Tensor> parameters = wanted.stream().filter(Autograd::required).toList();
        try (var scope = Scope.open()) {
            // The gradient found so far for each tensor that stands between blocks or was asked for.
            var found = new IdentityHashMap<Tensor, Tensor>();
            found.put(segments.getLast().output, head);
            for (Segment segment : segments.reversed()) {
                Tensor upstream = found.remove(segment.output);
                if (upstream != null) {
                    backward(segment, upstream, parameters, found, scope);
                }
            }
            segments.clear();
            List<Tensor> result = new ArrayList<>();
            for (Tensor leaf : wanted) {
                Tensor gradient = found.get(leaf);
                result.add(scope.keep(gradient == null ? Torch.tensor("zeros_like", leaf) : gradient));
            }
            return result;
        }
    }

    private static void backward(
            Segment segment, Tensor upstream, List<Tensor> parameters, Map<Tensor, Tensor> found, Scope outer) {
        try (var _ = Scope.open()) {
            List<Tensor> inputs = segment.inputs.stream()
                    .map(input -> input.dtype().isFloating() ? Autograd.variable(input) : input)
                    .toList();
            Tensor output = segment.body.apply(inputs);
            if (!Autograd.required(output)) {
                // Only frozen parameters and whole numbers went into it.
                return;
            }
            List<Tensor> leaves = Stream.concat(inputs.stream().filter(Autograd::required), parameters.stream())
                    .toList();
            Map<Tensor, Tensor> gradients = Autograd.reached(List.of(output), List.of(upstream), leaves, false);
            for (int i = 0; i < inputs.size(); i++) {
                accumulate(found, segment.inputs.get(i), gradients.get(inputs.get(i)), outer);
            }
            for (Tensor parameter : parameters) {
                accumulate(found, parameter, gradients.get(parameter), outer);
            }
        }
    }

    private static void accumulate(Map<Tensor, Tensor> found, Tensor key, Tensor gradient, Scope outer) {
        if (gradient == null) {
            return;
        }
        Tensor before = found.get(key);
        found.put(key, outer.take(before == null ? gradient : before.add(gradient)));
        if (before != null) {
            before.free();
        }
    }
}
