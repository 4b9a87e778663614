package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

// In a thread of its own: what hangs here does not listen to interrupts.
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
class StateReaderTest {
    private static final long ELEMENTS = 24;

    @TempDir
    private Path folder;

    record View(long offset, long[] shape, long[] strides) {}

    static View[] impossibleViews() {
        return new View[] {
            new View(0, new long[] {25}, new long[] {1}),
            new View(1, new long[] {24}, new long[] {1}),
            new View(-1, new long[] {2}, new long[] {1}),
            new View(24, new long[] {}, new long[] {}),
            new View(0, new long[] {2}, new long[] {24}),
            new View(0, new long[] {2}, new long[] {-1}),
            new View(0, new long[] {-2}, new long[] {1}),
            new View(0, new long[] {2, 2}, new long[] {1}),
            new View(Long.MAX_VALUE, new long[] {2}, new long[] {1}),
            new View(0, new long[] {3, 3}, new long[] {Long.MAX_VALUE, Long.MAX_VALUE}),
            new View(0, new long[] {1L << 32, 1L << 32}, new long[] {0, 0}),
        };
    }

    @ParameterizedTest
    @MethodSource("impossibleViews")
    void aViewThatReachesOutOfItsStorageIsRefused(View view) throws IOException {
        var e = refused(new PickleBuilder().tensor("0", ELEMENTS, view.offset(), view.shape(), view.strides()));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("tensor 'tensor'");
    }

    @Test
    void aFewBytesCannotClaimToBeTerabytes() throws IOException {
        var e = refused(new PickleBuilder().tensor("0", ELEMENTS, 0, new long[] {1 << 20, 1 << 20}, new long[] {0, 0}));

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(e).hasMessageContaining("4398046511104");
    }

    @Test
    void manyViewsCannotClaimTogetherWhatOneMayNot() throws IOException {
        PickleBuilder pickle = new PickleBuilder().list();
        for (int i = 0; i < 100; i++) {
            pickle.tensor("0", ELEMENTS, 0, new long[] {64, 64}, new long[] {0, 0})
                    .append();
        }

        var e = refused(pickle);

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(e).hasMessageContaining("all views");
    }

    @Test
    void aViewThatEndsWithItsStorageIsRead() throws IOException {
        Path file = archive(new PickleBuilder().tensor("0", ELEMENTS, 3, new long[] {3, 1, 6}, new long[] {7, 99, 1}));

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.entry("tensor").byteLength()).isEqualTo(72);
            assertThat(checkpoint.entry("tensor").stored()).isEmpty();
            assertThat(checkpoint.bytes(checkpoint.entry("tensor")).byteSize()).isEqualTo(72);
        }
    }

    @Test
    void theStrideOfASideOfOneDoesNotMatter() throws IOException {
        Path file = archive(new PickleBuilder().tensor("0", ELEMENTS, 3, new long[] {1, 6}, new long[] {99, 1}));

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.entry("tensor").stored()).isPresent();
        }
    }

    @Test
    void twoTensorsOfOneNameAreRefused() throws IOException {
        PickleBuilder pickle = new PickleBuilder().dictionary();
        pickle.text("a").dictionary().text("b");
        tensor(pickle).setItem().setItem();
        pickle.text("a.b");
        tensor(pickle).setItem();

        assertThat(refused(pickle)).hasMessageContaining("two tensors have the name 'a.b'");
    }

    @Test
    void aDictionaryThatHoldsItselfIsRefused() throws IOException {
        var e = refused(
                new PickleBuilder().dictionary().put(0).text("self").get(0).setItem());

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000_000})
    void deepNestingIsRefused(int depth) throws IOException {
        PickleBuilder pickle = new PickleBuilder();
        for (int i = 0; i < depth; i++) {
            pickle.list();
        }
        for (int i = 1; i < depth; i++) {
            pickle.append();
        }

        assertThat(refused(pickle).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void listsThatHoldAListTwiceOverAndOverAreRefused() throws IOException {
        // 2^60 lists in some 700 bytes.
        PickleBuilder pickle = new PickleBuilder().list().put(0);
        for (int i = 1; i < 60; i++) {
            pickle.op('0').list().get(i - 1).append().get(i - 1).append().put(i);
        }

        assertThat(refused(pickle).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void namesThatGrowWithoutEndAreRefused() throws IOException {
        PickleBuilder pickle = new PickleBuilder().dictionary().text("x".repeat(1100));

        assertThat(refused(pickle.none().setItem()).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    private static PickleBuilder tensor(PickleBuilder pickle) {
        return pickle.tensor("0", ELEMENTS, 0, new long[] {1}, new long[] {1});
    }

    private CheckpointException refused(PickleBuilder pickle) throws IOException {
        Path file = archive(pickle);
        return catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(file).close());
    }

    private Path archive(PickleBuilder pickle) throws IOException {
        return new TorchArchive()
                .pickle(pickle.stop())
                .storage("0", (int) ELEMENTS * Float.BYTES)
                .write(folder.resolve("a.pt"));
    }
}
