package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The named parameters of one network, filled while its layers are built: each layer asks for its own by name and
 * shape, and a {@link Source} answers. So the code of a layer is the one place that knows its layout, whether the
 * values are loaded, drawn at random, or only listed ({@link Layout}).
 *
 * <p>A view from {@link #at} shares the root's tensors. The root owns them until {@link #close}.
 */
public final class Parameters implements AutoCloseable {
    /** Where parameters come from. */
    @FunctionalInterface
    public interface Source {
        /** @return a tensor of {@code shape}, or null when the network is built only to learn its layout */
        Tensor tensor(String name, Init init, long[] shape);
    }

    private final Source source;
    private final String prefix;
    private final Map<String, Tensor> tensors;
    private final Map<String, LowRank> adapters;
    private final Scope scope;
    private final AtomicBoolean training;
    private Runnable afterwards = () -> {};

    private Parameters(
            Source source,
            String prefix,
            Map<String, Tensor> tensors,
            Map<String, LowRank> adapters,
            Scope scope,
            AtomicBoolean training) {
        this.source = source;
        this.prefix = prefix;
        this.tensors = tensors;
        this.adapters = adapters;
        this.scope = scope;
        this.training = training;
    }

    public static Parameters from(Source source) {
        return new Parameters(source, "", new LinkedHashMap<>(), new HashMap<>(), Scope.unbound(), new AtomicBoolean());
    }

    /** New parameters, float32 on the CPU, drawn as each layer wishes. */
    public static Parameters drawn(Generator generator) {
        return from((_, init, shape) -> init.draw(generator, shape));
    }

    /** Has the root's {@link #close} run {@code action} once the tensors are freed. */
    Parameters onClose(Runnable action) {
        afterwards = action;
        return this;
    }

    /** The parameters below {@code name}, as {@code down_blocks.0}. */
    public Parameters at(String name) {
        return new Parameters(source, prefix + name + ".", tensors, adapters, scope, training);
    }

    public Parameters at(int index) {
        return at(Integer.toString(index));
    }

    /** Asks the source for the parameter {@code name} of the layer being built. */
    public Tensor get(String name, Init init, long... shape) {
        String key = prefix + name;
        if (tensors.containsKey(key)) {
            throw new IllegalStateException("two layers are named " + key);
        }
        try (var _ = Scope.open()) {
            Tensor tensor = source.tensor(key, init, shape);
            tensors.put(key, tensor);
            return tensor == null ? null : scope.take(tensor);
        }
    }

    /**
     * Has the linear layer {@code layer} (its full name, without {@code .weight}) add {@code adapter} to its result; null
     * takes the adapter away. The adapter's tensors stay the caller's. No forward run may be under way.
     *
     * @throws IllegalArgumentException if there is no such layer, or the shapes do not fit
     */
    public void adapt(String layer, LowRank adapter) {
        Tensor weight = tensors.get(layer + ".weight");
        if (weight == null || weight.rank() != 2) {
            throw new IllegalArgumentException("no linear layer is named " + layer);
        }
        if (adapter == null) {
            adapters.remove(layer);
            return;
        }
        if (adapter.down().size(1) != weight.size(1)
                || adapter.up().size(0) != weight.size(0)
                || adapter.down().size(0) != adapter.up().size(1)) {
            throw new IllegalArgumentException(
                    layer + " is " + weight + ": no place for " + adapter.up() + " by " + adapter.down());
        }
        adapters.put(layer, adapter);
    }

    /** What {@link #adapt} gave this layer, or null. */
    LowRank adapter() {
        return adapters.isEmpty() ? null : adapters.get(prefix.substring(0, prefix.length() - 1));
    }

    /** By full name, in the order in which the layers asked. */
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Switches whether ops on these parameters record what their gradients need. */
    public void require(boolean gradients) {
        tensors.values().forEach(tensor -> Autograd.require(tensor, gradients));
    }

    /** Switches layers that compute otherwise in training, such as batch normalisation; off at first. */
    public void training(boolean on) {
        training.set(on);
    }

    public boolean training() {
        return training.get();
    }

    /** Bytes of all parameters. */
    public long bytes() {
        return tensors.values().stream()
                .mapToLong(tensor -> tensor.elements() * tensor.dtype().bytes())
                .sum();
    }

    /** Frees the tensors but not what they were loaded from. */
    void release() {
        scope.close();
    }

    @Override
    public void close() {
        release();
        afterwards.run();
    }
}
