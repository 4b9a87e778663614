package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Ops that only training uses, against numbers that PyTorch 2.15 printed. */
class TrainingOpsTest {
    private static final Offset<Float> TOLERANCE = within(2e-5f);

    private static void equal(Tensor found, float... expected) {
        assertThat(found.toFloats()).containsExactly(expected, TOLERANCE);
    }

    @Test
    void batchNormInTrainingUsesTheBatchAndMovesTheStatistics() {
        try (var _ = Scope.open()) {
            Tensor x = Autograd.variable(
                    Tensor.of(new float[] {0.5f, -1, 2, 3, 0, 1, -2, 4, 1, 0.25f, 1.5f, -0.5f}, 2, 2, 3, 1));
            Tensor weight = Autograd.variable(Tensor.of(new float[] {1.5f, 0.5f}, 2));
            Tensor bias = Autograd.variable(Tensor.of(new float[] {0.1f, -0.2f}, 2));
            Tensor mean = Tensor.of(new float[] {0.2f, 0.3f}, 2);
            Tensor variance = Tensor.of(new float[] {1, 2}, 2);
            Tensor y = Functions.batchNormTraining(x, weight, bias, mean, variance, 0.1, 1e-5);
            equal(
                    y,
                    -0.092055f,
                    -1.244385f,
                    1.060275f,
                    0.721951f,
                    -0.579627f,
                    -0.145768f,
                    -2.012606f,
                    2.596716f,
                    0.292055f,
                    -0.471162f,
                    0.071162f,
                    -0.796556f);
            equal(mean, 0.255f, 0.3575f);
            equal(variance, 1.3575f, 1.959375f);
            Tensor weights = Tensor.range(12).reshape(2, 2, 3, 1);
            List<Tensor> gradients = Autograd.grad(y.mul(weights).sum(), List.of(x, weight, bias));
            equal(
                    gradients.get(0),
                    -2.997319f,
                    -1.775724f,
                    -1.914253f,
                    -0.462793f,
                    -1.825608f,
                    -0.792857f,
                    2.367627f,
                    1.322349f,
                    2.997319f,
                    0.493411f,
                    1.675885f,
                    0.911961f);
            equal(gradients.get(1), 4.609322f, -9.544905f);
            equal(gradients.get(2), 24, 42);
        }
    }

    @Test
    void crossEntropyLeavesIgnoredTargetsOut() {
        try (var _ = Scope.open()) {
            Tensor logits = Autograd.variable(Tensor.of(new float[] {1, 2, 0.5f, 0.2f, -1, 3, 1, 1, 1}, 3, 3));
            Tensor loss = Functions.crossEntropy(logits, Tensor.of(new long[] {1, 2, -1}, 3), -1);
            assertThat(loss.item()).isCloseTo(0.270260, within(1e-5));
            equal(
                    Autograd.grad(loss, List.of(logits)).getFirst(),
                    0.115612f,
                    -0.185734f,
                    0.070122f,
                    0.028176f,
                    0.008486f,
                    -0.036662f,
                    0,
                    0,
                    0);
        }
    }
}
