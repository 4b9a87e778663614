package dev.cloakproof.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Frees native memory at a known place. Every tensor belongs to a scope: an op's result to the innermost scope open on
 * the calling thread. Closing a scope frees what it owns; {@link #keep} hands a tensor to the scope outside.
 *
 * <pre>{@code
 * try (var step = Scope.open()) {
 *     Tensor noise = unet.predict(latents, t, context);
 *     latents = step.keep(scheduler.step(noise, t, latents));
 * }
 * }</pre>
 *
 * <p>Open one scope per denoising or training step and per block of a large network: what is in an open scope stays in
 * memory. A scope from {@link #open} is for one thread and closes in reverse order; one from {@link #unbound} is on no
 * thread's stack and owns what is given to it, such as a model's weights.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private final boolean bound;
    private final Scope parent;
    private final List<Tensor> owned = new ArrayList<>();
    private boolean closed;

    private Scope(boolean bound, Scope parent) {
        this.bound = bound;
        this.parent = parent;
    }

    /** Opens a scope on this thread. */
    public static Scope open() {
        var scope = new Scope(true, CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    /** Runs {@code body} in a scope of its own and hands only what it returns to the scope outside. */
    public static Tensor result(Supplier<Tensor> body) {
        try (var scope = open()) {
            return scope.keep(body.get());
        }
    }

    /** A scope that is on no thread's stack; closed once, by any thread. */
    public static Scope unbound() {
        return new Scope(false, null);
    }

    /** The innermost scope of this thread. */
    static Scope current() {
        Scope scope = CURRENT.get();
        if (scope == null) {
            throw new IllegalStateException("a tensor was made outside of any Scope: it would never be freed");
        }
        return scope;
    }

    /**
     * Hands {@code tensor} to the scope outside of this one, where it outlives this one. A tensor that this scope does
     * not own, such as a parameter, stays where it is.
     */
    public Tensor keep(Tensor tensor) {
        if (tensor.owner() != this) {
            return tensor;
        }
        if (parent == null) {
            throw new IllegalStateException("there is no scope outside of this one");
        }
        return parent.take(tensor);
    }

    public List<Tensor> keep(List<Tensor> tensors) {
        tensors.forEach(this::keep);
        return tensors;
    }

    /** Makes this scope the owner of {@code tensor}. */
    public Tensor take(Tensor tensor) {
        synchronized (owned) {
            if (closed) {
                throw new IllegalStateException("this scope is closed");
            }
            tensor.owner(this);
            owned.add(tensor);
        }
        return tensor;
    }

    @Override
    public void close() {
        if (bound) {
            if (CURRENT.get() != this) {
                throw new IllegalStateException("scopes close on their thread, the innermost first");
            }
            if (parent == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(parent);
            }
        }
        synchronized (owned) {
            closed = true;
            for (Tensor tensor : owned) {
                // What was kept or taken elsewhere since then has another owner.
                if (tensor.owner() == this) {
                    tensor.free();
                }
            }
            owned.clear();
        }
    }
}
