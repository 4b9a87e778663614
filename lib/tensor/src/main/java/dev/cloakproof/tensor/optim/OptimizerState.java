package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Named tensors in a scope of their own. */
final class OptimizerState implements AutoCloseable {
    private final Scope scope = Scope.unbound();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** New zeros beside {@code near}. */
    Tensor zeros(String name, Tensor near, DType dtype, long... shape) {
        try (var _ = Scope.open()) {
            Tensor made = scope.take(Tensor.full(0, dtype, shape).to(near.device()));
            tensors.put(name, made);
            return made;
        }
    }

    Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    void restore(Map<String, Tensor> from) {
        if (!tensors.keySet().equals(from.keySet())) {
            throw new IllegalArgumentException("the stored state is not of these parameters: expected "
                    + tensors.size() + " tensors such as "
                    + tensors.keySet().stream().findFirst().orElse("none") + ", found " + from.size());
        }
        tensors.forEach((name, tensor) -> {
            Tensor stored = from.get(name);
            if (stored.dtype() != tensor.dtype() || !Arrays.equals(stored.shape(), tensor.shape())) {
                throw new IllegalArgumentException(name + ": expected " + tensor + ", found " + stored);
            }
        });
        tensors.forEach((name, tensor) -> InPlace.copy(tensor, from.get(name)));
    }

    static void check(Map<String, Tensor> parameters) {
        parameters.forEach((name, tensor) -> {
            if (tensor.dtype() != DType.F32) {
                throw new IllegalArgumentException(name + " is " + tensor + ": only float32 parameters are trained");
            }
        });
    }

    @Override
    public void close() {
        scope.close();
    }
}
