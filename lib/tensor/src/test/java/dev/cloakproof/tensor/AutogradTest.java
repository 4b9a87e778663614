package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class AutogradTest {
    @Test
    void aLossGivesTheGradientOfEveryInputAskedFor() {
        try (var _ = Scope.open()) {
            Tensor a = Autograd.variable(Tensor.of(new float[] {1, 2}, 2));
            Tensor b = Autograd.variable(Tensor.of(new float[] {3, 4}, 2));
            Tensor unused = Autograd.variable(Tensor.ones(3));
            List<Tensor> gradients = Autograd.grad(a.mul(b).sum(), List.of(a, b, unused));
            assertThat(gradients.get(0).toFloats()).containsExactly(3, 4);
            assertThat(gradients.get(1).toFloats()).containsExactly(1, 2);
            assertThat(gradients.get(2).toFloats()).containsExactly(0, 0, 0);
        }
    }

    @Test
    void aHeadWeighsTheOutputs() {
        try (var _ = Scope.open()) {
            Tensor x = Autograd.variable(Tensor.of(new float[] {1, 2}, 2));
            Tensor head = Tensor.of(new float[] {10, 100}, 2);
            Tensor output = x.square();
            Tensor first = Autograd.grad(List.of(output), List.of(head), List.of(x), true)
                    .getFirst();
            Tensor again = Autograd.grad(List.of(output), List.of(head), List.of(x), false)
                    .getFirst();
            assertThat(first.toFloats()).containsExactly(20, 400);
            assertThat(again.toFloats()).containsExactly(20, 400);
        }
    }

    @Test
    void castsPassGradients() {
        try (var _ = Scope.open()) {
            Tensor x = Autograd.variable(Tensor.of(new float[] {1, 2}, 2));
            for (DType type : new DType[] {DType.BF16, DType.F16, DType.F64}) {
                Tensor loss = x.to(type).mul(2.0).to(DType.F32).sum();
                Tensor gradient = Autograd.grad(loss, List.of(x)).getFirst();
                assertThat(gradient.dtype()).isEqualTo(DType.F32);
                assertThat(gradient.toFloats()).containsExactly(2, 2);
            }
        }
    }

    @Test
    void float32MastersServeBfloat16ActivationsAndGetFloat32Gradients() {
        try (var _ = Scope.open()) {
            var generator = Generator.seeded(3);
            Tensor weight = Autograd.variable(generator.normal(4, 8));
            Tensor bias = Autograd.variable(generator.normal(4));
            Tensor output = Functions.linear(generator.normal(2, 8).to(DType.BF16), weight, bias);
            assertThat(output.dtype()).isEqualTo(DType.BF16);
            List<Tensor> gradients = Autograd.grad(output.to(DType.F32).sum(), List.of(weight, bias));
            assertThat(gradients)
                    .allSatisfy(gradient -> assertThat(gradient.dtype()).isEqualTo(DType.F32));
            assertThat(gradients.getLast().toFloats()).containsExactly(2, 2, 2, 2);
        }
    }

    @Test
    void nothingIsRecordedDuringAPause() {
        try (var _ = Scope.open()) {
            Tensor x = Autograd.variable(Tensor.ones(1));
            try (var _ = Autograd.pause()) {
                assertThat(Autograd.required(x.mul(2.0))).isFalse();
            }
            assertThat(Autograd.required(x.mul(2.0))).isTrue();
        }
    }

    @Test
    void anOpThatRefusesItsArgumentsSaysWhichAndWhy() {
        try (var _ = Scope.open()) {
            Tensor a = Tensor.ones(2, 3);
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> a.matmul(a))
                    .withMessageContaining("matmul(F32[2, 3], F32[2, 3])")
                    .withMessageContaining("mat1 and mat2 shapes cannot be multiplied");
        }
    }

    @Test
    void aNormalisationLearnsWhereItsInputDoesNot() {
        try (var _ = Scope.open()) {
            Tensor x = Generator.seeded(4).normal(2, 8, 6, 6);
            Tensor weight = Autograd.variable(Tensor.ones(8));
            Tensor bias = Autograd.variable(Tensor.zeros(8));
            Tensor head = Generator.seeded(5).normal(2, 8, 6, 6);
            // libtorch has a kernel of its own for channels-last maps, which crashed here.
            for (Tensor map : List.of(x, x.channelsLast())) {
                Tensor loss = Functions.groupNorm(map, 4, weight, bias, 1e-5)
                        .mul(head)
                        .sum();
                assertThat(Autograd.grad(loss, List.of(weight, bias)).get(1).toFloats())
                        .containsExactly(
                                head.sum(false, 0, 2, 3).toFloats(), org.assertj.core.data.Offset.offset(1e-4f));
            }
        }
    }

    /** Adding a channel up one value after the other, as libtorch does where gradients are recorded, is 3e-5 off here. */
    @Test
    void aLargeMapIsNormalisedAsInDouble() {
        try (var _ = Scope.open()) {
            Tensor x = Generator.seeded(6).normal(2, 4, 512, 512).mul(2.0).add(1.0);
            Tensor weight = Generator.seeded(7).normal(4);
            Tensor bias = Generator.seeded(8).normal(4);
            Tensor exact = Functions.groupNorm(x.to(DType.F64), 2, weight.to(DType.F64), bias.to(DType.F64), 1e-6);
            Tensor map = x.channelsLast();
            assertThat(error(Functions.groupNorm(map, 2, weight, bias, 1e-6), exact))
                    .isLessThan(1e-6);
            Tensor recorded = Functions.groupNorm(Autograd.variable(map), 2, weight, bias, 1e-6);
            assertThat(Autograd.required(recorded)).isTrue();
            assertThat(error(recorded, exact)).isLessThan(1e-4);
        }
    }

    private static double error(Tensor found, Tensor exact) {
        return found.to(DType.F64).sub(exact).norm().item() / exact.norm().item();
    }
}
