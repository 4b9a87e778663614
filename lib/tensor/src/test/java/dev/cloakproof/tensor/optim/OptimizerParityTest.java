package dev.cloakproof.tensor.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.optim.LearningRate.Shape;
import dev.cloakproof.tensor.parity.Parity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 50 steps against PyTorch's AdamW and bitsandbytes' quantisation; src/test/python/make_optim_fixtures.py. */
@Tag(Parity.TAG)
class OptimizerParityTest {
    private static final long[][] SHAPES = {{65, 70}, {7}, {16, 3, 3, 3}, {5000}};
    private static final int STEPS = 50;
    private static final double RATE = 1e-2;

    private static Map<String, Tensor> fixture(String name) {
        return Pretrained.tensors(Path.of("src", "test", "resources", "optim", name + ".safetensors"));
    }

    private static Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        for (int i = 0; i < SHAPES.length; i++) {
            parameters.put("param." + i, Generator.seeded(i + 1).normal(SHAPES[i]));
        }
        return parameters;
    }

    private static List<Tensor> gradients(int step) {
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < SHAPES.length; i++) {
            gradients.add(
                    Generator.seeded(1000 * (i + 1) + step).normal(SHAPES[i]).mul((float) Math.pow(10, step % 3 - 2)));
        }
        return gradients;
    }

    private static void run(Optimizer optimizer, int from, int to) {
        IntStream.range(from, to).forEach(step -> {
            try (var _ = Scope.open()) {
                optimizer.step(gradients(step), RATE);
            }
        });
    }

    @Test
    void adamWClippedWithAMovingAverageIsPyTorchs() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> expected = fixture("adamw");
            Map<String, Tensor> parameters = parameters();
            var norms = new float[STEPS];
            try (var clipped = new AdamW(parameters, AdamWSettings.DEFAULT);
                    var average = new MovingAverage(parameters, 0.95)) {
                IntStream.range(0, STEPS).forEach(step -> {
                    try (var _ = Scope.open()) {
                        List<Tensor> gradients = gradients(step);
                        norms[step] = (float) Gradients.clip(gradients, 5);
                        clipped.step(gradients, RATE);
                        average.update();
                    }
                });
                compare("AdamW, parameters", parameters, "param.", "param.", expected, 1e-6);
                compare("AdamW, mean", clipped.state(), "mean.param.", "mean.", expected, 1e-6);
                compare("AdamW, square", clipped.state(), "square.param.", "square.", expected, 1e-6);
                compare("EMA", average.state(), "param.", "average.", expected, 1e-6);
            }
            Parity.relative("gradient norms", Tensor.of(norms, STEPS), expected.get("norms"), 1e-6);
        }
    }

    private static void compare(
            String name,
            Map<String, Tensor> found,
            String prefix,
            String fixturePrefix,
            Map<String, Tensor> fixture,
            double tolerance) {
        Map<String, Tensor> ours = new LinkedHashMap<>();
        Map<String, Tensor> theirs = new LinkedHashMap<>();
        for (int i = 0; i < SHAPES.length; i++) {
            ours.put("" + i, found.get(prefix + i));
            theirs.put("" + i, fixture.get(fixturePrefix + i));
        }
        Parity.relative(name + ", 50 steps", ours, theirs, tolerance, 0);
    }

    /**
     * A moment that rounding puts just across an edge between two codes moves by a whole code, so single elements differ
     * by parts of a step; nearly all must not, and none may by more than a step.
     */
    @ParameterizedTest
    @ValueSource(ints = {256, 2048})
    void adamWOn8BitMomentsIsThatOfBitsandbytes(int block) {
        try (var _ = Scope.open()) {
            Map<String, Tensor> expected = fixture("adamw8bit-" + block);
            Map<String, Tensor> parameters = parameters();
            try (var optimizer = new AdamW8bit(parameters, AdamWSettings.DEFAULT, block)) {
                run(optimizer, 0, STEPS);
            }
            long elements = 0;
            long different = 0;
            for (int i = 0; i < SHAPES.length; i++) {
                float[] found = parameters.get("param." + i).toFloats();
                float[] wanted = expected.get("param." + i).toFloats();
                for (int j = 0; j < found.length; j++) {
                    double error = Math.abs(found[j] - wanted[j]);
                    assertThat(error).isLessThan(RATE);
                    elements++;
                    different += error > 1e-6 * STEPS * RATE ? 1 : 0;
                }
            }
            Parity.atMost(
                    "8-bit AdamW, block " + block + ", 50 steps, share of elements off by 1e-6 of the way",
                    different / (double) elements,
                    5e-3);
        }
    }

    @Test
    void codesAreThoseOfBitsandbytes() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> expected = fixture("adamw8bit-256");
            Parity.relative(
                    "signed 8-bit levels",
                    Tensor.of(DynamicCodes.levels(true), 256),
                    expected.get("levels.signed"),
                    1e-7);
            Parity.relative(
                    "unsigned 8-bit levels",
                    Tensor.of(DynamicCodes.levels(false), 256),
                    expected.get("levels.unsigned"),
                    1e-7);
        }
    }

    @Test
    void schedulesAreThoseOfDiffusers() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> expected = fixture("schedules");
            Map.of("constant_with_warmup", Shape.CONSTANT, "linear", Shape.LINEAR, "cosine", Shape.COSINE)
                    .forEach((name, shape) -> {
                        var schedule = new LearningRate(shape, 2e-6, 5, 30);
                        var rates = new float[30];
                        for (int step = 0; step < rates.length; step++) {
                            rates[step] = (float) schedule.at(step);
                        }
                        Parity.relative("schedule " + name, Tensor.of(rates, 30), expected.get(name), 1e-7);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restoredStateGoesOnToTheSameBits(boolean eightBit) {
        try (var _ = Scope.open()) {
            Map<String, Tensor> straight = parameters();
            Map<String, Tensor> stopped = parameters();
            try (var one = optimizer(straight, eightBit);
                    var first = optimizer(stopped, eightBit);
                    var second = optimizer(stopped, eightBit)) {
                run(one, 0, 20);
                run(first, 0, 9);
                second.restore(first.state(), first.steps());
                run(second, 9, 20);
                straight.forEach((name, tensor) ->
                        assertThat(stopped.get(name).toFloats()).containsExactly(tensor.toFloats()));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> second.restore(Map.of(), 1))
                        .withMessageContaining("not of these parameters");
            }
        }
    }

    private static Optimizer optimizer(Map<String, Tensor> parameters, boolean eightBit) {
        return eightBit
                ? new AdamW8bit(parameters, AdamWSettings.DEFAULT, 256)
                : new AdamW(parameters, AdamWSettings.DEFAULT);
    }

    @Test
    void gradientsInChannelsLastOrderMeanTheSame() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> plain = Map.of("w", Generator.seeded(1).normal(16, 8, 3, 3));
            Map<String, Tensor> other = Map.of("w", Generator.seeded(1).normal(16, 8, 3, 3));
            Tensor gradient = Generator.seeded(2).normal(16, 8, 3, 3);
            try (var a = optimizer(plain, false);
                    var b = optimizer(other, false)) {
                a.step(List.of(gradient), RATE);
                b.step(List.of(gradient.channelsLast()), RATE);
                assertThat(other.get("w").toFloats())
                        .containsExactly(plain.get("w").toFloats());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 2048})
    void eightBitStateTakesAtMost2Point1BytesAParameter(int block) {
        try (var _ = Scope.open()) {
            // A transformer block of SD2.1's text encoder: width 1024.
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            for (String name : List.of("q", "k", "v", "out")) {
                parameters.put(name + ".weight", Tensor.zeros(1024, 1024));
                parameters.put(name + ".bias", Tensor.zeros(1024));
            }
            parameters.put("fc1.weight", Tensor.zeros(4096, 1024));
            parameters.put("fc1.bias", Tensor.zeros(4096));
            long count =
                    parameters.values().stream().mapToLong(Tensor::elements).sum();
            try (var optimizer = new AdamW8bit(parameters, AdamWSettings.DEFAULT, block)) {
                assertThat(optimizer.stateBytes() / (double) count).isLessThanOrEqualTo(2.1);
            }
        }
    }
}
