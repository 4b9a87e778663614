package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.List;

/** The noise of a batch whose pictures have streams of their own. */
record JoinedNoise(List<Part> parts) implements Noise {
    /** @param rows of the batch that this stream is for */
    record Part(Noise stream, long rows) {}

    @Override
    public Tensor normal(long... shape) {
        return Scope.result(() -> Tensor.cat(
                parts.stream()
                        .map(part -> {
                            long[] rows = shape.clone();
                            rows[0] = part.rows();
                            return part.stream().normal(rows);
                        })
                        .toList(),
                0));
    }
}
