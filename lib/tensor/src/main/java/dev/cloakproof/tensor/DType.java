package dev.cloakproof.tensor;

import ai.djl.pytorch.jni.TorchBridge;

/** Element types of a {@link Tensor}. */
public enum DType {
    F32(0, 6, 4),
    F64(1, 7, 8),
    F16(2, 5, 2),
    U8(3, 0, 1),
    I32(4, 3, 4),
    I8(5, 1, 1),
    I64(6, 4, 8),
    BOOL(7, 11, 1),
    /** DJL's JNI does not know bfloat16: it may only be created and consumed inside ops. */
    BF16(TorchBridge.DTYPE_UNKNOWN, 15, 2);

    private final int djl;
    private final int torch;
    private final int bytes;

    DType(int djl, int torch, int bytes) {
        this.djl = djl;
        this.torch = torch;
        this.bytes = bytes;
    }

    /** The number of this type in DJL's JNI. */
    int djl() {
        return djl;
    }

    /** The number of this type in libtorch (c10::ScalarType). */
    int torch() {
        return torch;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return switch (this) {
            case F32, F64, F16, BF16 -> true;
            case U8, I32, I8, I64, BOOL -> false;
        };
    }

    static DType ofDjl(int number) {
        for (DType type : values()) {
            if (type.djl == number) {
                return type;
            }
        }
        throw new IllegalArgumentException("no element type has DJL's number " + number);
    }
}
