package dev.cloakproof.tensor.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PretrainedTest {
    /** A convolution and a linear layer. */
    private static final class Tiny extends Network {
        private final Conv2d conv;
        private final Linear linear;

        Tiny(Parameters p) {
            super(p);
            conv = new Conv2d(p.at("conv"), 2, 3, 3);
            linear = new Linear(p.at("linear"), 3, 4, false);
        }

        Tensor forward(Tensor x) {
            return linear.forward(Functions.silu(conv.forward(x)).permute(0, 2, 3, 1));
        }
    }

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeAModel() {
        file = folder.resolve("model.safetensors");
        try (var drawn = new Tiny(Parameters.drawn(Generator.seeded(1)))) {
            Pretrained.save(file, drawn, Map.of());
        }
    }

    private static Tensor input() {
        return Generator.seeded(2).normal(1, 2, 5, 4);
    }

    private void rewrite(Consumer<Map<String, Tensor>> change) {
        try (var _ = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(Pretrained.tensors(file));
            change.accept(tensors);
            Pretrained.save(file, tensors, Map.of());
        }
    }

    @Test
    void whatIsSavedIsLoadedToTheBit() {
        try (var _ = Scope.open();
                var drawn = new Tiny(Parameters.drawn(Generator.seeded(1)));
                var loaded = Pretrained.load(file, Pretrained.Names.SAME, Placement.REFERENCE, Tiny::new)) {
            assertThat(loaded.forward(input()).toFloats())
                    .containsExactly(drawn.forward(input()).toFloats());
            assertThat(loaded.parameters().bytes()).isEqualTo(4L * (3 * 2 * 9 + 3 + 4 * 3));
        }
    }

    @Test
    void everyDifferenceIsListedByNameWithExpectedAndFound() {
        rewrite(tensors -> {
            tensors.remove("conv.bias");
            tensors.put("linear.weight", Tensor.zeros(4, 2));
            tensors.put("linear.bias", Tensor.zeros(4));
        });
        assertThatExceptionOfType(LayoutMismatchException.class)
                .isThrownBy(() -> Pretrained.load(file, Pretrained.Names.SAME, Placement.REFERENCE, Tiny::new))
                .withMessageContaining("3 differences")
                .withMessageContaining("missing: conv.bias, expected [3]")
                .withMessageContaining("unexpected: linear.bias [4]")
                .withMessageContaining("shape: linear.weight, expected [4, 3], found [4, 2]");
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void weightsThatAreNotNumbersAreRefused(DType dtype) {
        rewrite(tensors -> tensors.put("conv.bias", Tensor.of(new float[] {1, Float.NaN, 2}, 3)));
        assertThatExceptionOfType(NonFiniteWeightsException.class)
                .isThrownBy(
                        () -> Pretrained.load(file, Pretrained.Names.SAME, Placement.REFERENCE.as(dtype), Tiny::new))
                .withMessageContaining("conv.bias");
    }

    @Test
    void namesAreMappedAndUnusedTensorsLeftOut() {
        rewrite(tensors -> {
            tensors.put("old.weight", tensors.remove("conv.weight"));
            tensors.put("position_ids", Tensor.of(new long[] {0}, 1));
        });
        Pretrained.Names names =
                key -> key.equals("position_ids") ? Optional.empty() : Optional.of(key.replace("old.", "conv."));
        try (var loaded = Pretrained.load(file, names, Placement.REFERENCE, Tiny::new)) {
            assertThat(loaded.parameters().all()).containsOnlyKeys("conv.weight", "conv.bias", "linear.weight");
        }
    }

    @Test
    void aPointwiseKernelStandsForALinearLayer() {
        rewrite(tensors -> tensors.computeIfPresent("linear.weight", (_, w) -> w.reshape(4, 3, 1, 1)));
        try (var loaded = Pretrained.load(file, Pretrained.Names.SAME, Placement.REFERENCE, Tiny::new)) {
            assertThat(loaded.parameters().all().get("linear.weight").shape()).containsExactly(4, 3);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void aNetworkComputesInTheTypeItIsPlacedIn(DType dtype) {
        try (var _ = Scope.open();
                var reference = Pretrained.load(file, Pretrained.Names.SAME, Placement.REFERENCE, Tiny::new);
                var placed = Pretrained.load(file, Pretrained.Names.SAME, Placement.REFERENCE.as(dtype), Tiny::new)) {
            assertThat(placed.dtype()).isEqualTo(dtype);
            Tensor out = placed.forward(input().to(dtype));
            assertThat(out.dtype()).isEqualTo(dtype);
            assertThat(out.toFloats())
                    .usingComparatorWithPrecision(2e-2f)
                    .containsExactly(reference.forward(input()).toFloats());
        }
    }

    @Test
    void trainedParametersHaveMemoryOfTheirOwn() throws Exception {
        byte[] before = Files.readAllBytes(file);
        var placement = new Placement(DType.F32, Device.CPU, true);
        try (var _ = Scope.open();
                var loaded = Pretrained.load(file, Pretrained.Names.SAME, placement, Tiny::new)) {
            for (Tensor parameter : loaded.parameters().all().values()) {
                InPlace.copy(parameter, Tensor.ones(parameter.shape()));
            }
            assertThat(loaded.forward(input()).allFinite()).isTrue();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
}
