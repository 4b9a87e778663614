package dev.cloakproof.tensor.nn;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.weights.Checkpoint;
import dev.cloakproof.tensor.weights.ElementType;
import dev.cloakproof.tensor.weights.SafetensorsWriter;
import dev.cloakproof.tensor.weights.TensorEntry;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Builds a network from a checkpoint, and writes one. */
public final class Pretrained {
    /** What a checkpoint calls a parameter of the network, or empty for a tensor that the network does not use. */
    @FunctionalInterface
    public interface Names {
        Names SAME = Optional::of;

        /** @param key the checkpoint's name */
        Optional<String> parameter(String key);
    }

    private Pretrained() {}

    /**
     * The weights file of a component of a Hugging Face folder: {@code base.safetensors}, its sharded index, or the older
     * PyTorch file.
     *
     * @param base {@code diffusion_pytorch_model} or {@code model}
     * @throws UncheckedIOException if there is none
     */
    public static Path file(Path folder, String base) {
        List<String> names = List.of(
                base + ".safetensors",
                base + ".safetensors.index.json",
                (base.equals("model") ? "pytorch_model" : base) + ".bin");
        return names.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new UncheckedIOException(
                        new NoSuchFileException(folder.toString(), null, "has none of " + names)));
    }

    /**
     * Loads every parameter that {@code network} asks for.
     *
     * @param file any format of {@link Checkpoint}
     * @throws LayoutMismatchException if names or shapes differ; nothing is loaded then
     * @throws dev.cloakproof.tensor.weights.CheckpointException if the file cannot be read
     * @throws NonFiniteWeightsException if a parameter has NaN or infinite elements
     */
    public static <N extends Network> N load(
            Path file, Names names, Placement placement, Function<Parameters, N> network) {
        Checkpoint checkpoint = Checkpoint.open(file);
        try {
            N loaded = load(checkpoint, checkpoint.entries(), names, placement, network, file.toString());
            if (placement.writable()) {
                // All of it was copied: what stayed mapped would count as memory of this process.
                loaded.parameters().onClose(() -> {});
                checkpoint.close();
            }
            return loaded;
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * As above from an open checkpoint, which the network closes with itself.
     *
     * @param entries those of {@code checkpoint} that belong to the network
     * @param where what to call them in errors
     */
    public static <N extends Network> N load(
            Checkpoint checkpoint,
            Map<String, TensorEntry> entries,
            Names names,
            Placement placement,
            Function<Parameters, N> network,
            String where) {
        Map<String, TensorEntry> byParameter = new LinkedHashMap<>();
        entries.forEach((key, entry) -> names.parameter(key).ifPresent(name -> byParameter.put(name, entry)));
        Map<String, long[]> expected = Layout.of(network);
        LayoutMismatchException.require(where, expected, shapes(byParameter, expected));
        Parameters parameters =
                Parameters.from((name, _, shape) -> tensor(checkpoint, byParameter.get(name), shape, placement, where));
        parameters.onClose(checkpoint::close);
        try {
            return network.apply(parameters);
        } catch (Throwable e) {
            parameters.release();
            throw e;
        }
    }

    /** Reads every tensor of a file into the current scope, in its own type (bfloat16 as float32), by name. */
    public static Map<String, Tensor> tensors(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            checkpoint.entries().forEach((name, entry) -> {
                Tensor stored = stored(checkpoint.bytes(entry), entry, shape(entry));
                tensors.put(name, stored.copy());
                stored.free();
            });
            return tensors;
        }
    }

    /**
     * Writes all parameters in their own element type, readable by the Python library.
     *
     * @param metadata strings for the header
     */
    public static void save(Path file, Network network, Map<String, String> metadata) {
        save(file, network.parameters().all(), metadata);
    }

    /** Writes tensors by name, likewise. */
    public static void save(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<SafetensorsWriter.Tensor> stored = new ArrayList<>();
        tensors.forEach((name, tensor) -> stored.add(new SafetensorsWriter.Tensor(
                name, elementType(tensor.dtype()), boxed(tensor.shape()), () -> bytes(tensor))));
        SafetensorsWriter.write(file, stored, metadata);
    }

    /** A 1x1 convolution in the file may stand for a linear layer, as in the original latent-diffusion checkpoints. */
    private static Map<String, long[]> shapes(Map<String, TensorEntry> entries, Map<String, long[]> expected) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            long[] shape = shape(entry);
            long[] wanted = expected.get(name);
            boolean pointwise = shape.length == 4 && shape[2] == 1 && shape[3] == 1;
            if (pointwise && wanted != null && Arrays.equals(wanted, Arrays.copyOf(shape, 2))) {
                shape = wanted;
            }
            shapes.put(name, shape);
        });
        return shapes;
    }

    private static long[] shape(TensorEntry entry) {
        return entry.shape().stream().mapToLong(Long::longValue).toArray();
    }

    private static Tensor tensor(
            Checkpoint checkpoint, TensorEntry entry, long[] shape, Placement placement, String where) {
        MemorySegment bytes = checkpoint.bytes(entry);
        Tensor stored = stored(bytes, entry, shape);
        if (!stored.sumFinite() && !stored.allFinite()) {
            throw new NonFiniteWeightsException(where + ": '" + entry.name() + "' has NaN or infinite elements");
        }
        if (placement.mapped(stored.dtype(), shape)) {
            return stored;
        }
        Tensor cast = stored.to(placement.dtype()).to(placement.device());
        Tensor placed = placement.placed(cast, shape);
        if (bytes.isMapped()) {
            // The file's pages were read once and would count as memory of this process until it ends.
            bytes.unload();
        }
        return placed;
    }

    private static Tensor stored(MemorySegment bytes, TensorEntry entry, long[] shape) {
        return switch (entry.type()) {
            case F32 -> alias(bytes, DType.F32, shape);
            case F64 -> alias(bytes, DType.F64, shape);
            case F16 -> alias(bytes, DType.F16, shape);
            case I64 -> alias(bytes, DType.I64, shape);
            case I32 -> alias(bytes, DType.I32, shape);
            case I8 -> alias(bytes, DType.I8, shape);
            case U8 -> alias(bytes, DType.U8, shape);
            case BOOL -> alias(bytes, DType.BOOL, shape);
            case BF16 -> widened(bytes, shape);
            case I16 -> throw new IllegalArgumentException(entry.name() + " is int16, which no network here uses");
        };
    }

    private static Tensor alias(MemorySegment bytes, DType dtype, long[] shape) {
        if (bytes.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a single tensor of " + bytes.byteSize() + " bytes is not supported");
        }
        ByteBuffer buffer = bytes.asByteBuffer().order(ByteOrder.nativeOrder());
        boolean aligned = bytes.address() % dtype.bytes() == 0 && bytes.isNative();
        return aligned ? Tensor.alias(buffer, dtype, shape) : Tensor.copy(direct(buffer), dtype, shape);
    }

    /** Every bfloat16 is the upper half of a float32. */
    private static Tensor widened(MemorySegment bytes, long[] shape) {
        long elements = bytes.byteSize() / Short.BYTES;
        ByteBuffer wide = ByteBuffer.allocateDirect(Math.toIntExact(elements * Float.BYTES))
                .order(ByteOrder.nativeOrder());
        for (long i = 0; i < elements; i++) {
            int half = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * Short.BYTES);
            wide.putInt(half << Short.SIZE);
        }
        return Tensor.copy(wide.flip(), DType.F32, shape);
    }

    private static ByteBuffer direct(ByteBuffer source) {
        return ByteBuffer.allocateDirect(source.remaining())
                .order(ByteOrder.nativeOrder())
                .put(source)
                .flip();
    }

    private static MemorySegment bytes(Tensor tensor) {
        try (var _ = Scope.open()) {
            Tensor dense = tensor.to(Device.CPU).contiguous();
            ByteBuffer copy = direct(dense.buffer());
            return MemorySegment.ofBuffer(copy);
        }
    }

    private static ElementType elementType(DType dtype) {
        return ElementType.valueOf(dtype.name());
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
