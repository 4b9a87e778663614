package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void aSeedGivesTheNumbersOfPyTorch() {
        try (var _ = Scope.open()) {
            // torch.randn(5, generator=torch.Generator().manual_seed(0))
            assertThat(Generator.seeded(0).normal(5).toFloats())
                    .usingComparatorWithPrecision(1e-4f)
                    .containsExactly(1.5410f, -0.2934f, -2.1788f, 0.5684f, -1.0845f);
        }
    }

    @Test
    void generatorsDoNotDisturbEachOther() {
        try (var _ = Scope.open()) {
            var alone = Generator.seeded(7);
            float[] first = alone.normal(20).toFloats();
            float[] second = alone.normal(20).toFloats();
            var a = Generator.seeded(7);
            var b = Generator.seeded(8);
            assertThat(a.normal(20).toFloats()).containsExactly(first);
            b.normal(100);
            assertThat(a.normal(20).toFloats()).containsExactly(second);
        }
    }

    @Test
    void valuesGoInAndComeOut() {
        try (var _ = Scope.open()) {
            Tensor t = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            assertThat(t.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(t.to(DType.BF16).dtype()).isEqualTo(DType.BF16);
            assertThat(t.to(DType.BF16).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(Tensor.of(new long[] {5, -1}, 2).toLongs()).containsExactly(5, -1);
            assertThat(t.select(0, 1).toFloats()).containsExactly(4, 5, 6);
            assertThat(Tensor.cat(t.chunk(3, 1), 0).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @Test
    void aBufferOfTheWrongSizeIsRefused() {
        try (var _ = Scope.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.of(new float[] {1, 2, 3}, 2, 2))
                    .withMessageContaining("[2, 2] has 16 bytes, not 12");
        }
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assertThat(Device.of("cpu")).isEqualTo(Device.CPU);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Device.of("gpu:99"))
                .withMessageContaining("usable GPUs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Device.of("tpu"))
                .withMessageContaining("expected auto, cpu or gpu:n");
    }

    @Test
    void attentionIsTheSoftmaxOfTheDefinition() {
        try (var _ = Scope.open()) {
            var generator = Generator.seeded(5);
            Tensor q = generator.normal(2, 7, 12);
            Tensor k = generator.normal(2, 9, 12);
            Tensor v = generator.normal(2, 9, 12);
            Tensor expected = Tensor.cat(
                    IntStream.range(0, 3)
                            .mapToObj(head -> {
                                Tensor qh = q.narrow(2, head * 4L, 4);
                                Tensor kh = k.narrow(2, head * 4L, 4);
                                Tensor weights = Functions.softmax(
                                        qh.matmul(kh.transpose(1, 2)).mul(0.5), -1);
                                return weights.matmul(v.narrow(2, head * 4L, 4));
                            })
                            .toList(),
                    2);
            assertThat(Functions.attention(q, k, v, 3, false).toFloats())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(expected.toFloats());
        }
    }

    /** A matrix of 24,576 x 24,576 scores would be 2.4 GB. */
    @Test
    void attentionMemoryGrowsWithTokensAndNotWithTheirSquare() throws IOException {
        try (var _ = Scope.open()) {
            Tensor x = Generator.seeded(1).normal(1, 24_576, 8);
            long before = peakKilobytes();
            assertThat(Functions.attention(x, x, x, 1, false).allFinite()).isTrue();
            assertThat(peakKilobytes() - before).isLessThan(200_000);
        }
    }

    private static long peakKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void opsRunOnManyThreadsAtOnce() throws Exception {
        try (var pool = Executors.newFixedThreadPool(4)) {
            Callable<Float> work = () -> {
                float total = 0;
                for (int i = 0; i < 300; i++) {
                    try (var _ = Scope.open()) {
                        total += Functions.softmax(Generator.seeded(i).normal(8), 0)
                                .sum()
                                .toFloats()[0];
                    }
                }
                return total;
            };
            var results =
                    pool.invokeAll(IntStream.range(0, 4).mapToObj(_ -> work).toList());
            for (var result : results) {
                assertThat(result.get()).isCloseTo(300, offset(1e-3f));
            }
        }
    }
}
