package dev.cloakproof.tensor.weights;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a tensor's elements are; little endian in every file.
 *
 * <p>Declared in the order that safetensors lays data out: the widest first, so that each tensor starts at a multiple of
 * its element's size. Source: safetensors, {@code Dtype} in {@code safetensors/src/tensor.rs}.
 */
public enum ElementType {
    I64(8),
    F64(8),
    F32(4),
    I32(4),
    BF16(2),
    F16(2),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private static final Map<String, ElementType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The name in a safetensors header, such as {@code BF16}. */
    public String safetensorsName() {
        return name();
    }

    /** The type a safetensors header names; empty for those that no model here uses, such as {@code F8_E4M3}. */
    public static Optional<ElementType> ofSafetensors(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
