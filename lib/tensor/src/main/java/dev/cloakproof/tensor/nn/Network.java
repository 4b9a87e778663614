package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Tensor;

/** A model with named parameters, which it owns. Forward runs may go on in several threads at once. */
public abstract class Network implements AutoCloseable {
    private final Parameters parameters;

    /** @param parameters the root, not a view below a name */
    protected Network(Parameters parameters) {
        this.parameters = parameters;
    }

    public final Parameters parameters() {
        return parameters;
    }

    /** The element type in which the network computes: that of its parameters. */
    public final DType dtype() {
        return first().dtype();
    }

    public final Device device() {
        return first().device();
    }

    private Tensor first() {
        return parameters.all().values().iterator().next();
    }

    /** Frees the parameters. No forward run may be under way. */
    @Override
    public final void close() {
        parameters.close();
    }
}
