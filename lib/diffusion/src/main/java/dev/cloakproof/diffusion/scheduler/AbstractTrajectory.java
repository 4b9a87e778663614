package dev.cloakproof.diffusion.scheduler;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;

/** Keeps the calls in order and owns what is remembered between them. */
abstract class AbstractTrajectory implements Trajectory {
    private final double[] timesteps;
    private final Scope memory = Scope.unbound();
    private int done;
    private boolean closed;

    /** @param timesteps one a call */
    AbstractTrajectory(double[] timesteps) {
        this.timesteps = timesteps;
    }

    AbstractTrajectory(long[] timesteps) {
        this(Arrays.stream(timesteps).asDoubleStream().toArray());
    }

    /** The noise of the latents that {@code call} gets. */
    abstract NoiseLevel level(int call);

    /** The latents after {@code call}; all three tensors are new handles, and float32. */
    abstract Tensor next(int call, Tensor prediction, Tensor sample, Noise noise);

    @Override
    public final int calls() {
        return timesteps.length;
    }

    @Override
    public final double timestep(int call) {
        return timesteps[call];
    }

    @Override
    public double initialNoise() {
        return 1;
    }

    @Override
    public Tensor scale(int call, Tensor sample) {
        return sample;
    }

    @Override
    public Tensor addNoise(Tensor original, Tensor noise) {
        requireSameShape("noise", noise, original);
        try (var scope = Scope.open()) {
            return scope.keep(level(0).addNoise(original, noise));
        }
    }

    @Override
    public final Tensor step(int call, Tensor prediction, Tensor sample, Noise noise) {
        if (closed) {
            throw new IllegalStateException("this trajectory is closed");
        }
        if (call != done) {
            throw new IllegalArgumentException("call: expected " + done + " of " + calls() + ", found " + call);
        }
        requireSameShape("prediction", prediction, sample);
        try (var scope = Scope.open()) {
            Tensor next = scope.keep(next(call, prediction.to(DType.F32), sample.to(DType.F32), noise));
            done++;
            if (done == calls()) {
                close();
            }
            return next;
        }
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }

    /** Keeps {@code tensor} for later calls; the last act of {@link #next}, so that a call that failed may be repeated. */
    final Tensor remember(Tensor tensor) {
        return memory.take(tensor);
    }

    /** Standard normal noise for {@code sample}, drawn from the request's stream. */
    static Tensor draw(Noise noise, Tensor sample) {
        if (noise == null) {
            throw new IllegalArgumentException("noise: expected a generator, since this step draws, found none");
        }
        return noise.normal(sample.shape()).to(sample.device());
    }

    static void requireSameShape(String name, Tensor found, Tensor expected) {
        if (!Arrays.equals(found.shape(), expected.shape())) {
            throw new IllegalArgumentException(name + ": expected the shape of " + expected + ", found " + found);
        }
    }
}
