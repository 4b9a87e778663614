package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecomputeTapeTest {
    /** Two blocks with a skip around the second, so that one tensor feeds two blocks. */
    private static Tensor network(Segments segments, Tensor x, Tensor w1, Tensor w2) {
        Tensor h = segments.run(List.of(x), in -> Functions.silu(Functions.linear(in.get(0), w1, null)));
        Tensor g = segments.run(List.of(h), in -> Functions.gelu(Functions.linear(in.get(0), w2, null)));
        return segments.run(List.of(g, h), in -> Functions.linear(in.get(0).add(in.get(1)), w1, null));
    }

    @Test
    void recomputedGradientsEqualThoseOfThePlainRun() {
        try (var _ = Scope.open()) {
            var generator = Generator.seeded(11);
            Tensor x = Autograd.variable(generator.normal(3, 16));
            Tensor w1 = Autograd.variable(generator.normal(16, 16));
            Tensor w2 = Autograd.variable(generator.normal(16, 16));
            Tensor head = generator.normal(3, 16);

            Tensor plain = network(Segments.DIRECT, x, w1, w2);
            List<Tensor> expected = Autograd.grad(List.of(plain), List.of(head), List.of(x, w1, w2), false);

            var tape = new RecomputeTape();
            Tensor output = network(tape, x, w1, w2);
            List<Tensor> found = tape.backward(head, List.of(x, w1, w2));

            assertThat(output.toFloats()).containsExactly(plain.toFloats());
            for (int i = 0; i < 3; i++) {
                assertThat(found.get(i).toFloats())
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(expected.get(i).toFloats());
            }
        }
    }

    @Test
    void whatTheOutputDoesNotDependOnGetsZeros() {
        try (var _ = Scope.open()) {
            Tensor x = Autograd.variable(Tensor.ones(2));
            Tensor other = Autograd.variable(Tensor.ones(4));
            var tape = new RecomputeTape();
            tape.run(List.of(x), in -> in.getFirst().mul(3.0));
            List<Tensor> found = tape.backward(Tensor.ones(2), List.of(other, x));
            assertThat(found.get(0).toFloats()).containsExactly(0, 0, 0, 0);
            assertThat(found.get(1).toFloats()).containsExactly(3, 3);
        }
    }

    @Test
    void aBlockOfFrozenParametersAloneIsLeftOut() {
        try (var _ = Scope.open()) {
            Tensor frozen = Tensor.ones(2);
            Tensor leaf = Autograd.variable(Tensor.ones(2));
            Tensor steps = Tensor.of(new long[] {3, 4}, 2);
            var tape = new RecomputeTape();
            Tensor time =
                    tape.run(List.of(steps), in -> frozen.mul(in.getFirst().to(DType.F32)));
            tape.run(List.of(time), in -> in.getFirst().mul(leaf));
            List<Tensor> found = tape.backward(Tensor.ones(2), List.of(leaf));
            assertThat(found.getFirst().toFloats()).containsExactly(3, 4);
        }
    }
}
