package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchUnpicklerTest {
    private static final int LONG4 = 0x8b;

    @Test
    void dictionariesKeepTheirOrder() {
        PickleBuilder pickle = new PickleBuilder().dictionary().mark();
        for (String key : List.of("z", "y", "x", "a", "m", "b")) {
            pickle.text(key).none();
        }

        assertThat(read(pickle.op('u').stop()))
                .isInstanceOfSatisfying(
                        Map.class, map -> assertThat(map.keySet().toString()).isEqualTo("[z, y, x, a, m, b]"));
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "java.lang, Runtime",
        "decimal, Decimal",
        "datetime, datetime",
        "torch, load"
    })
    void aNameOutsideTheListIsRefusedBeforeItIsCalled(String module, String name) {
        var e = refused(new PickleBuilder()
                .global(module, name)
                .text("x")
                .op(0x85)
                .op('R')
                .stop());

        assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN_CLASS);
        assertThat(e).hasMessageContaining(module + "." + name);
    }

    @Test
    void aNameFromTheStackIsHeldToTheSameList() {
        var e = refused(new PickleBuilder().text("os").text("system").op(0x93).stop());

        assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN_CLASS);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                'i', 'o', 'S', 'V', 'I', 'L', 'F', 'd', 'l', 'p', 'g', 'P', '1', 0x82, 0x8f, 0x92, 0x97, 0x96, LONG4,
                0xff
            })
    void anOpcodeThatTorchDoesNotWriteIsRefused(int opcode) {
        var e = refused(new PickleBuilder().op(opcode).raw(new byte[16]).stop());

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("opcode 0x%02x".formatted(opcode));
    }

    @ParameterizedTest
    @ValueSource(ints = {'X', 'T', 'B'})
    void aLengthBeyondTheFileIsNotAllocated(int opcode) {
        var e = refused(new PickleBuilder().op(opcode).int32(Integer.MAX_VALUE).stop());

        assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(e).hasMessageContaining("takes 2147483647 bytes, 1 are left");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8d, 0x8e})
    void aLengthOf64BitsIsNotAllocatedEither(int opcode) {
        assertThat(refused(new PickleBuilder()
                                .op(opcode)
                                .int32(-1)
                                .int32(0x7fffffff)
                                .stop())
                        .reason())
                .isEqualTo(Reason.TRUNCATED);
        assertThat(refused(new PickleBuilder().op(opcode).int32(-1).int32(-1).stop())
                        .reason())
                .isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void aLineWithoutAnEndIsNotReadToTheFilesEnd() {
        byte[] line = new byte[(int) TorchUnpickler.MAX_LENGTH + 100];
        Arrays.fill(line, (byte) 'a');

        assertThat(refused(new PickleBuilder().op('c').raw(line).stop()).reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aTextLongerThanAPickleMayBeIsNotAllocated() {
        byte[] text = new byte[(int) TorchUnpickler.MAX_LENGTH + 100];

        assertThat(refused(
                        new PickleBuilder().op('X').int32(text.length).raw(text).stop()))
                .hasMessageContaining("takes 16777316 bytes");
    }

    @Test
    void thePickleBehindALongOneIsReadAllTheSame() {
        byte[] text = new byte[(int) TorchUnpickler.MAX_LENGTH - 100];
        byte[] first = new PickleBuilder().op('X').int32(text.length).raw(text).stop();
        byte[] stream = new PickleBuilder().raw(first).raw(first).raw(first).stop();
        PickleInput input = new PickleInput(MemorySegment.ofArray(Arrays.copyOfRange(stream, 2, stream.length)));

        TorchUnpickler.read(Path.of("a.pt"), input, storage -> {});

        assertThat(TorchUnpickler.read(Path.of("a.pt"), input, storage -> {})).isInstanceOf(String.class);
    }

    @Test
    void aPickleWithoutItsStopIsTruncated() {
        assertThat(refused(new PickleBuilder().dictionary().op(0x80)).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(refused(new PickleBuilder().dictionary()).reason()).isEqualTo(Reason.TRUNCATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {")", "R", "s", "u", "b", "a", "e", "0", "t", "2", "Q", "h\u0007"})
    void anOpcodeWithoutItsOperandsIsMalformed(String opcodes) {
        PickleBuilder pickle = new PickleBuilder();
        opcodes.chars().forEach(pickle::op);

        assertThat(refused(pickle.op('R').stop()).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void aDictionaryMayNotHaveACollectionAsKey() {
        // A list that holds itself has no hash: computing it would overflow the stack.
        var e = refused(new PickleBuilder()
                .dictionary()
                .list()
                .put(0)
                .get(0)
                .append()
                .none()
                .setItem()
                .stop());

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("key");
    }

    @Test
    void aStorageClassIsNotConstructed() {
        assertThat(refused(new PickleBuilder()
                                .global("torch", "FloatStorage")
                                .op(')')
                                .op('R')
                                .stop())
                        .reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void aTensorWithMetadataIsRefused() {
        var e = refused(new PickleBuilder()
                .global("torch._utils", "_rebuild_tensor_v2")
                .mark()
                .storage("FloatStorage", "0", 2)
                .number(0)
                .numbers(2)
                .numbers(1)
                .op(0x89)
                .none()
                .dictionary()
                .text("conj")
                .op(0x88)
                .setItem()
                .tuple()
                .op('R')
                .stop());

        assertThat(e).hasMessageContaining("[conj]");
    }

    @Test
    @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
    void aListFilledItemByItemTakesNoQuadraticTime() {
        PickleBuilder pickle = new PickleBuilder().list();
        for (int i = 0; i < 1_000_000; i++) {
            pickle.mark().none().op('e');
        }

        assertThat(read(pickle.stop()))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1_000_000);
    }

    @Test
    void anOrderedDictionaryMayComeAsPairs() {
        byte[] pickle = new PickleBuilder()
                .global("collections", "OrderedDict")
                .list()
                .list()
                .text("b")
                .append()
                .number(1)
                .append()
                .append()
                .text("a")
                .number(2)
                .op(0x86)
                .append()
                .op(0x85)
                .op('R')
                .stop();

        assertThat(read(pickle)).hasToString("{b=1, a=2}");
    }

    @Test
    void aLongListCannotBeCopiedOverAndOver() {
        PickleBuilder pickle = new PickleBuilder().list().put(0);
        for (int i = 0; i < 10_000; i++) {
            pickle.number(i).none().op(0x86).append();
        }
        for (int i = 0; i < 1000; i++) {
            pickle.global("collections", "OrderedDict").get(0).op(0x85).op('R');
        }

        assertThat(refused(pickle.stop()).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aModulesAttributesCannotBeCopiedOverAndOver() {
        PickleBuilder pickle = new PickleBuilder().dictionary().put(0);
        for (int i = 0; i < 10_000; i++) {
            pickle.number(i).none().setItem();
        }
        for (int i = 0; i < 1000; i++) {
            pickle.global("__torch__", "Module").op(')').op(0x81).get(0).op('b');
        }

        assertThat(refused(pickle.stop()).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aTensorHasAtMost64Sides() {
        var e = refused(new PickleBuilder()
                .tensor("0", 2, 0, new long[65], new long[65])
                .stop());

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("65 sides");
    }

    @Test
    void tooManyOperationsAreRefused() {
        PickleBuilder pickle = new PickleBuilder();
        for (int i = 0; i < (1 << 22); i++) {
            pickle.op('}').op('0');
        }

        assertThat(refused(pickle.stop()).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    private static CheckpointException refused(PickleBuilder unfinished) {
        byte[] stopped = unfinished.stop();
        return refused(Arrays.copyOf(stopped, stopped.length - 1));
    }

    private static CheckpointException refused(byte[] pickle) {
        return catchThrowableOfType(CheckpointException.class, () -> read(pickle));
    }

    private static Object read(byte[] pickle) {
        return TorchUnpickler.read(Path.of("a.pt"), new PickleInput(MemorySegment.ofArray(pickle)), storage -> {});
    }
}
