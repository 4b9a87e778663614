package dev.cloakproof.tensor.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, also those that Python would never write. */
final class PickleBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PickleBuilder() {
        op(0x80).op(2);
    }

    PickleBuilder op(int opcode) {
        bytes.write(opcode);
        return this;
    }

    PickleBuilder raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    PickleBuilder mark() {
        return op('(');
    }

    PickleBuilder none() {
        return op('N');
    }

    PickleBuilder dictionary() {
        return op('}');
    }

    PickleBuilder list() {
        return op(']');
    }

    /** The items since the mark. */
    PickleBuilder tuple() {
        return op('t');
    }

    PickleBuilder setItem() {
        return op('s');
    }

    PickleBuilder append() {
        return op('a');
    }

    PickleBuilder put(int memo) {
        return op('r').int32(memo);
    }

    PickleBuilder get(int memo) {
        return op('j').int32(memo);
    }

    PickleBuilder text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return op('X').int32(utf8.length).raw(utf8);
    }

    /** A 64-bit integer. */
    PickleBuilder number(long value) {
        return op(0x8a).op(8).raw(little(Long.BYTES).putLong(value).array());
    }

    PickleBuilder int32(int value) {
        return raw(little(Integer.BYTES).putInt(value).array());
    }

    PickleBuilder global(String module, String name) {
        return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    PickleBuilder storage(String type, String key, long elements) {
        return mark().text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(elements)
                .tuple()
                .op('Q');
    }

    PickleBuilder numbers(long... values) {
        mark();
        for (long value : values) {
            number(value);
        }
        return tuple();
    }

    /** A tensor of 32-bit floats. */
    PickleBuilder tensor(String key, long elements, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").mark();
        storage("FloatStorage", key, elements).number(offset).numbers(shape).numbers(strides);
        return op(0x89).global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .tuple()
                .op('R');
    }

    byte[] stop() {
        return op('.').bytes.toByteArray();
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
