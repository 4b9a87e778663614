package dev.cloakproof.tensor;

import ai.djl.pytorch.jni.TorchBridge;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A handle on a libtorch tensor. Operations return new tensors, which belong to the thread's innermost {@link Scope},
 * and gradients pass through every one of them, casts included. Larger operations are in {@link Functions}.
 *
 * <p>Dimensions count from 0; a negative dimension counts from the end. Pictures and feature maps are
 * (batch, channels, height, width). A tensor that was freed refuses every use with {@link IllegalStateException}.
 */
public final class Tensor {
    private static final LongAdder LIVE = new LongAdder();

    private final long[] shape;
    private final DType dtype;
    private long handle;
    private Scope owner;

    private Tensor(long handle) {
        LIVE.increment();
        this.handle = handle;
        this.shape = TorchBridge.sizes(handle);
        this.dtype = DType.ofDjl(TorchBridge.dtype(handle));
    }

    /** Takes a handle into the current scope. */
    static Tensor adopt(long handle) {
        Scope scope;
        try {
            scope = Scope.current();
        } catch (IllegalStateException e) {
            TorchBridge.deleteTensor(handle);
            throw e;
        }
        return scope.take(new Tensor(handle));
    }

    // ---- making ----

    public static Tensor of(float[] values, long... shape) {
        var buffer = direct(values.length, Float.BYTES);
        buffer.asFloatBuffer().put(values);
        return copy(buffer, DType.F32, shape);
    }

    public static Tensor of(long[] values, long... shape) {
        var buffer = direct(values.length, Long.BYTES);
        buffer.asLongBuffer().put(values);
        return copy(buffer, DType.I64, shape);
    }

    /** A float32 scalar. */
    public static Tensor scalar(double value) {
        return full(value, DType.F32);
    }

    public static Tensor full(double value, DType dtype, long... shape) {
        return Torch.tensor("full", shape, value, dtype, Device.CPU.name());
    }

    public static Tensor zeros(long... shape) {
        return full(0, DType.F32, shape);
    }

    public static Tensor ones(long... shape) {
        return full(1, DType.F32, shape);
    }

    /** 0, 1, ... n - 1 as float32. */
    public static Tensor range(long n) {
        return Torch.tensor("arange", n, DType.F32, Device.CPU.name());
    }

    /** Copies {@code data}, which must be direct and in native order, with 8-bit, 16-bit ... elements of {@code dtype}. */
    public static Tensor copy(ByteBuffer data, DType dtype, long... shape) {
        Tensor alias = alias(data, dtype, shape);
        Tensor copy = alias.copy();
        alias.free();
        // The alias reads data's memory until here.
        Reference.reachabilityFence(data);
        return copy;
    }

    /**
     * Reads {@code data}'s memory without copying it. The caller keeps that memory valid until the tensor and all views
     * of it are freed, and does not write to a tensor on read-only memory.
     *
     * @param data direct, aligned to the element's size, in native order
     */
    public static Tensor alias(ByteBuffer data, DType dtype, long... shape) {
        Torch.start();
        long bytes = elements(shape) * dtype.bytes();
        if (data.capacity() != bytes) {
            throw new IllegalArgumentException("a " + dtype + " tensor " + Arrays.toString(shape) + " has " + bytes
                    + " bytes, not " + data.capacity());
        }
        if (dtype == DType.BF16) {
            throw new IllegalArgumentException("bfloat16 cannot come from a buffer: pass float32 and cast");
        }
        return adopt(TorchBridge.fromBuffer(data, shape, dtype.djl()));
    }

    // ---- reading ----

    /** A copy of the sizes. */
    public long[] shape() {
        return shape.clone();
    }

    public long size(int dimension) {
        return shape[dimension < 0 ? dimension + shape.length : dimension];
    }

    public int rank() {
        return shape.length;
    }

    public long elements() {
        return elements(shape);
    }

    public DType dtype() {
        return dtype;
    }

    public Device device() {
        int[] place = TorchBridge.device(handle());
        return place[0] == 0 ? Device.CPU : Device.gpu(place[1]);
    }

    /** The values as float32, row-major. */
    public float[] toFloats() {
        var values = new float[Math.toIntExact(elements())];
        try (var _ = Scope.open()) {
            to(Device.CPU).to(DType.F32).contiguous().buffer().asFloatBuffer().get(values);
        }
        return values;
    }

    /** The values as int64, row-major. */
    public long[] toLongs() {
        var values = new long[Math.toIntExact(elements())];
        try (var _ = Scope.open()) {
            to(Device.CPU).to(DType.I64).contiguous().buffer().asLongBuffer().get(values);
        }
        return values;
    }

    /** The one value of a tensor of one element. */
    public double item() {
        return Torch.number("item", this);
    }

    /** Whether no element is NaN or infinite. */
    public boolean allFinite() {
        return Torch.truth("all_finite", this);
    }

    /** Whether the sum of all elements is finite: quick, and false for huge finite elements too. */
    public boolean sumFinite() {
        return Torch.truth("sum_finite", this);
    }

    /** The memory of a contiguous CPU tensor of at most 2 GiB, native order; valid while this tensor is. */
    public ByteBuffer buffer() {
        return TorchBridge.buffer(handle()).order(ByteOrder.nativeOrder());
    }

    // ---- conversion ----

    /** Casts; gradients pass through. */
    public Tensor to(DType type) {
        return Torch.tensor("to_dtype", this, type);
    }

    public Tensor to(Device device) {
        return Torch.tensor("to_device", this, device.name());
    }

    public Tensor contiguous() {
        return Torch.tensor("contiguous", this);
    }

    public Tensor channelsLast() {
        return Torch.tensor("channels_last", this);
    }

    /** A tensor with memory of its own. */
    public Tensor copy() {
        return Torch.tensor("copy_of", this);
    }

    // ---- arithmetic ----

    public Tensor add(Tensor other) {
        return Torch.tensor("add", this, other);
    }

    public Tensor add(double other) {
        return Torch.tensor("add_scalar", this, other);
    }

    /** this + scale * other. */
    public Tensor add(Tensor other, double scale) {
        return Torch.tensor("add_scaled", this, other, scale);
    }

    public Tensor sub(Tensor other) {
        return Torch.tensor("sub", this, other);
    }

    public Tensor mul(Tensor other) {
        return Torch.tensor("mul", this, other);
    }

    public Tensor mul(double other) {
        return Torch.tensor("mul_scalar", this, other);
    }

    public Tensor div(Tensor other) {
        return Torch.tensor("div", this, other);
    }

    public Tensor div(double other) {
        return Torch.tensor("div_scalar", this, other);
    }

    public Tensor pow(double exponent) {
        return Torch.tensor("pow", this, exponent);
    }

    public Tensor square() {
        return mul(this);
    }

    public Tensor neg() {
        return Torch.tensor("neg", this);
    }

    public Tensor abs() {
        return Torch.tensor("abs", this);
    }

    public Tensor sign() {
        return Torch.tensor("sign", this);
    }

    public Tensor exp() {
        return Torch.tensor("exp", this);
    }

    public Tensor log() {
        return Torch.tensor("log", this);
    }

    public Tensor sqrt() {
        return Torch.tensor("sqrt", this);
    }

    public Tensor sin() {
        return Torch.tensor("sin", this);
    }

    public Tensor cos() {
        return Torch.tensor("cos", this);
    }

    /** To the nearest whole number, halves to even. */
    public Tensor round() {
        return Torch.tensor("round", this);
    }

    public Tensor clamp(double low, double high) {
        return Torch.tensor("clamp", this, low, high);
    }

    /** Matrix product over the last two dimensions, the others broadcast. */
    public Tensor matmul(Tensor other) {
        return Torch.tensor("matmul", this, other);
    }

    // ---- reductions ----

    public Tensor sum() {
        return Torch.tensor("sum", this);
    }

    public Tensor sum(boolean keep, long... dimensions) {
        return Torch.tensor("sum_over", this, dimensions, keep);
    }

    public Tensor mean() {
        return Torch.tensor("mean", this);
    }

    public Tensor mean(boolean keep, long... dimensions) {
        return Torch.tensor("mean_over", this, dimensions, keep);
    }

    public Tensor max(boolean keep, long... dimensions) {
        return Torch.tensor("amax", this, dimensions, keep);
    }

    public Tensor argmax(int dimension) {
        return Torch.tensor("argmax", this, dimension);
    }

    /** The square root of the sum of squares over all elements. */
    public Tensor norm() {
        return Torch.tensor("norm", this);
    }

    // ---- shape ----

    public Tensor reshape(long... sizes) {
        return Torch.tensor("reshape", this, sizes);
    }

    public Tensor permute(long... dimensions) {
        return Torch.tensor("permute", this, dimensions);
    }

    public Tensor transpose(int a, int b) {
        return Torch.tensor("transpose", this, a, b);
    }

    public static Tensor cat(List<Tensor> parts, int dimension) {
        return Torch.tensor("cat", parts, dimension);
    }

    public static Tensor stack(List<Tensor> parts, int dimension) {
        return Torch.tensor("stack", parts, dimension);
    }

    public List<Tensor> chunk(int parts, int dimension) {
        return Torch.tensors("chunk", this, parts, dimension);
    }

    /** The part of {@code dimension} from {@code start} on, {@code length} long; shares memory. */
    public Tensor narrow(int dimension, long start, long length) {
        return Torch.tensor("narrow", this, dimension, start, length);
    }

    /** One slice, without its dimension; shares memory. */
    public Tensor select(int dimension, long index) {
        return Torch.tensor("select", this, dimension, index);
    }

    /** The slices named by {@code index} (int64, one dimension). */
    public Tensor indexSelect(int dimension, Tensor index) {
        return Torch.tensor("index_select", this, dimension, index);
    }

    public Tensor expand(long... sizes) {
        return Torch.tensor("expand", this, sizes);
    }

    public Tensor flip(long... dimensions) {
        return Torch.tensor("flip", this, dimensions);
    }

    // ---- ownership ----

    /** Frees the memory now instead of at the scope's end. Freeing twice is harmless. */
    public void free() {
        if (handle != 0) {
            TorchBridge.deleteTensor(handle);
            handle = 0;
            LIVE.decrement();
        }
    }

    /** How many tensors of this process are not freed yet; it grows without end only where a scope is missing. */
    public static long live() {
        return LIVE.sum();
    }

    long handle() {
        if (handle == 0) {
            throw new IllegalStateException("this tensor " + this + " was freed: its scope is closed");
        }
        return handle;
    }

    Scope owner() {
        return owner;
    }

    void owner(Scope scope) {
        owner = scope;
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }

    private static long elements(long[] shape) {
        long n = 1;
        for (long size : shape) {
            n = Math.multiplyExact(n, size);
        }
        return n;
    }

    private static ByteBuffer direct(int count, int bytes) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, bytes)).order(ByteOrder.nativeOrder());
    }
}
