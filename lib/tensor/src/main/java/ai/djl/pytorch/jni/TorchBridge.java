package ai.djl.pytorch.jni;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The one door to DJL's JNI. It lives in DJL's package because {@link PyTorchLibrary} is package-private, and it
 * holds no policy: handles in, handles out. Everything above it is in {@code dev.cloakproof.tensor}.
 *
 * <p>A tensor handle is owned by whoever received it and must be given to {@link #deleteTensor} once. Values
 * ({@code IValue}) copy what they are made from, so a tensor may be deleted while a value made from it lives on.
 */
public final class TorchBridge {
    /** DJL's number for an element type it does not know; bfloat16 is the only such type that we create. */
    public static final int DTYPE_UNKNOWN = 9;

    private static final PyTorchLibrary LIB = PyTorchLibrary.LIB;
    private static final int CPU = 0;
    private static final int STRIDED = 0;

    private TorchBridge() {}

    /** Loads libtorch (unpacking it on first use) and returns its version. */
    public static String start() {
        return Engine.getEngine("PyTorch").getVersion();
    }

    public static int gpuCount() {
        return Engine.getEngine("PyTorch").getGpuCount();
    }

    public static int threads() {
        return LIB.torchGetNumThreads();
    }

    public static void threads(int count) {
        LIB.torchSetNumThreads(count);
    }

    /** Both settings belong to the calling thread. */
    public static void prepareThread(boolean gradients, boolean optimizeGraphs) {
        LIB.torchSetGradMode(gradients);
        LIB.setGraphExecutorOptimize(optimizeGraphs);
    }

    public static boolean gradMode() {
        return LIB.torchIsGradMode();
    }

    public static void gradMode(boolean on) {
        LIB.torchSetGradMode(on);
    }

    public static long loadModule(byte[] archive) {
        try {
            return JniUtils.loadModuleHandle(new ByteArrayInputStream(archive), Device.cpu(), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a method of a TorchScript module. Always as training: otherwise results are inference tensors, which
     * autograd refuses later.
     */
    public static long run(long module, String method, long[] values) {
        return LIB.moduleRunMethod(module, method, values, true, false);
    }

    /** Wraps memory without copying it; the caller keeps {@code data} reachable while the tensor lives. */
    public static long fromBuffer(ByteBuffer data, long[] shape, int dtype) {
        return LIB.torchFromBlob(data, shape, dtype, STRIDED, new int[] {CPU, -1}, false);
    }

    /** A view of a contiguous CPU tensor's memory, valid while the tensor lives. */
    public static ByteBuffer buffer(long tensor) {
        return LIB.torchDirectByteBuffer(tensor);
    }

    public static long[] sizes(long tensor) {
        return LIB.torchSizes(tensor);
    }

    public static int dtype(long tensor) {
        return LIB.torchDType(tensor);
    }

    /** Device type (0 CPU, 1 CUDA) and index. */
    public static int[] device(long tensor) {
        return LIB.torchDevice(tensor);
    }

    public static void requireGrad(long tensor, boolean on) {
        LIB.torchAttachGrad(tensor, on);
    }

    public static void deleteTensor(long tensor) {
        LIB.torchDeleteTensor(tensor);
    }

    public static long value(long tensor) {
        return LIB.iValueFromTensor(tensor);
    }

    public static long value(boolean v) {
        return LIB.iValueFromBool(v);
    }

    public static long integer(long v) {
        return LIB.iValueFromLong(v);
    }

    public static long value(double v) {
        return LIB.iValueFromDouble(v);
    }

    public static long value(String v) {
        return LIB.iValueFromString(v);
    }

    public static long integers(long[] v) {
        return LIB.iValueFromLongList(v);
    }

    public static long tensors(long[] v) {
        return LIB.iValueFromTensorList(v);
    }

    public static void deleteValue(long value) {
        LIB.torchDeleteIValue(value);
    }

    public static long toTensor(long value) {
        return LIB.iValueToTensor(value);
    }

    public static long[] toTensors(long value) {
        return LIB.iValueToTensorList(value);
    }

    public static long toInteger(long value) {
        return LIB.iValueToLong(value);
    }

    public static double toDouble(long value) {
        return LIB.iValueToDouble(value);
    }

    public static boolean toBoolean(long value) {
        return LIB.iValueToBool(value);
    }
}
