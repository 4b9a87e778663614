package dev.cloakproof.tensor;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.TorchBridge;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Calls ops of {@code ops.torchscript}. Arguments are {@link Tensor}, {@code List<Tensor>}, {@code Integer},
 * {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@code long[]}, {@link DType}, {@link Generator} or
 * {@code null} (None); results belong to the calling thread's {@link Scope}.
 */
final class Torch {
    /** libtorch keeps these per thread; a fresh thread has its own defaults, so each is set once. */
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> {
        TorchBridge.prepareThread(true, false);
        return true;
    });

    private Torch() {}

    /** Loaded on the first op: libtorch, the op module, and the one None value. */
    private static final class Loaded {
        static final long MODULE;
        static final long NONE;

        static {
            // DJL would otherwise report its use over the network.
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
            NativeHeap.keepFreedMemory();
            NativeExit.skipStaticDestructors();
            TorchBridge.start();
            PREPARED.get();
            MODULE = TorchBridge.loadModule(OpsArchive.build());
            NONE = TorchBridge.run(MODULE, "none", new long[0]);
        }
    }

    static void start() {
        if (Loaded.MODULE == 0) {
            throw new IllegalStateException("libtorch did not load");
        }
        PREPARED.get();
    }

    static Tensor tensor(String op, Object... arguments) {
        return call(op, arguments, value -> Tensor.adopt(TorchBridge.toTensor(value)));
    }

    static List<Tensor> tensors(String op, Object... arguments) {
        return call(op, arguments, value -> {
            long[] handles = TorchBridge.toTensors(value);
            var tensors = new Tensor[handles.length];
            for (int i = 0; i < handles.length; i++) {
                tensors[i] = Tensor.adopt(handles[i]);
            }
            return List.of(tensors);
        });
    }

    static double number(String op, Object... arguments) {
        return call(op, arguments, TorchBridge::toDouble);
    }

    static boolean truth(String op, Object... arguments) {
        return call(op, arguments, TorchBridge::toBoolean);
    }

    /** Runs {@code op} and returns the value's handle, which the caller owns. */
    static long value(String op, Object... arguments) {
        start();
        var values = new long[arguments.length];
        int made = 0;
        try {
            for (; made < values.length; made++) {
                values[made] = toValue(arguments[made]);
            }
            return TorchBridge.run(Loaded.MODULE, op, values);
        } catch (EngineException e) {
            throw new TensorException(describe(op, arguments) + ": " + reason(e), e);
        } finally {
            for (int i = 0; i < made; i++) {
                if (arguments[i] != null && !(arguments[i] instanceof Generator)) {
                    TorchBridge.deleteValue(values[i]);
                }
            }
        }
    }

    private static <T> T call(String op, Object[] arguments, LongFunction<T> convert) {
        long value = value(op, arguments);
        try {
            return convert.apply(value);
        } finally {
            TorchBridge.deleteValue(value);
        }
    }

    private static long toValue(Object argument) {
        return switch (argument) {
            case null -> Loaded.NONE;
            case Tensor t -> TorchBridge.value(t.handle());
            case Generator g -> g.value();
            case Integer i -> TorchBridge.integer(i);
            case Long l -> TorchBridge.integer(l);
            case Double d -> TorchBridge.value((double) d);
            case Boolean b -> TorchBridge.value((boolean) b);
            case String s -> TorchBridge.value(s);
            case DType d -> TorchBridge.integer(d.torch());
            case long[] l -> TorchBridge.integers(l);
            case List<?> list ->
                TorchBridge.tensors(
                        list.stream().mapToLong(t -> ((Tensor) t).handle()).toArray());
            default -> throw new IllegalArgumentException("no op takes a " + argument.getClass());
        };
    }

    private static String describe(String op, Object[] arguments) {
        var text = new StringBuilder(op).append('(');
        for (int i = 0; i < arguments.length; i++) {
            Object a = arguments[i];
            text.append(i == 0 ? "" : ", ").append(a instanceof long[] l ? java.util.Arrays.toString(l) : a);
        }
        return text.append(')').toString();
    }

    /** libtorch's message is a trace of the TorchScript interpreter; the reason stands in its last filled line. */
    private static String reason(EngineException e) {
        String[] lines = String.valueOf(e.getMessage()).strip().split("\n");
        for (String line : lines) {
            if (line.startsWith("RuntimeError: ")) {
                return line.substring("RuntimeError: ".length());
            }
        }
        return lines[lines.length - 1];
    }
}
